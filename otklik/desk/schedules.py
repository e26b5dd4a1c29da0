"""What happens again and again, and how a mail that was put aside is tried once more."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.desk.operations.intake import KIND, replay_mail
from otklik.jobs.public import ReplayHandler, every, replay_handlers


def register() -> None:
    every("desk.fetch_mail", "otklik.desk.jobs.fetch_mail", minutes=1)
    # Stored mails have a job of their own; this one finds those whose next attempt is due.
    every("desk.take_in_mails", "otklik.desk.jobs.take_in_mails", minutes=1)
    # So do messages; this one finds those whose job or worker was lost.
    every("desk.send_messages", "otklik.desk.jobs.send_due_messages", minutes=1)
    every("desk.translate_waiting", "otklik.desk.jobs.translate_waiting", minutes=5)
    every("desk.tidy_mail", "otklik.desk.jobs.tidy_mail", minutes=60)
    every("desk.find_owners", "otklik.desk.jobs.find_owners", minutes=1)
    every("desk.sla_notices", "otklik.desk.jobs.send_due_notices", minutes=1)
    every("desk.begin_absences", "otklik.desk.jobs.begin_absences", minutes=5)
    every("desk.run_time_rules", "otklik.desk.jobs.run_time_rules", minutes=5)
    every("desk.close_solved", "otklik.desk.jobs.close_solved_tickets", minutes=30)
    every("desk.weigh_tickets", "otklik.desk.jobs.weigh_tickets", minutes=15)
    every("desk.count_answer_times", "otklik.desk.jobs.count_answer_times", minutes=60)
    replay_handlers.add(ReplayHandler(KIND, _("A mail"), replay_mail))
