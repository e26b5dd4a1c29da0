from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "otklik.events"
    label = "events"

    def ready(self) -> None:
        from otklik.events.operations.deliver import KIND, replay_delivery
        from otklik.jobs.public import ReplayHandler, every, replay_handlers

        replay_handlers.add(ReplayHandler(KIND, _("Handing an event to a subscription"), replay_delivery))
        every("events.sweep", "otklik.events.operations.sweep.sweep_now", minutes=5)
