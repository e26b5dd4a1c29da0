from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "otklik.jobs"
    label = "jobs"

    def ready(self) -> None:
        from django_q.signals import post_spawn

        from otklik.jobs import schedules
        from otklik.jobs.broker import JOB, replay_job
        from otklik.jobs.operations import beat
        from otklik.jobs.replay import ReplayHandler, replay_handlers

        schedules.every("jobs.beat", beat.JOB, minutes=1)
        schedules.every("jobs.tidy", "otklik.jobs.operations.tidy.tidy_now", minutes=60)
        replay_handlers.add(ReplayHandler(JOB, _("A job"), replay_job))
        post_migrate.connect(schedules.sync_after_migrate, sender=self)
        post_spawn.connect(beat.queue_beat_of_new_worker)
