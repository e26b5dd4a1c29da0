"""What workers do for the desk. Each may be run twice, or beside itself, without harm."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from django_q.conf import Conf
from django_q.tasks import async_task

from otklik.desk.models import MailCopy
from otklik.desk.operations import absences, answer_times, delivery, policies, sla_notices
from otklik.desk.operations.attaching import drop_unused_blobs
from otklik.desk.operations.automation import RUN, RUN_ON_TIME, active_time_rules, run_time_rule
from otklik.desk.operations.automation import run_triggers as run_triggers_of
from otklik.desk.operations.clocks import refresh_long_thread as refresh_long
from otklik.desk.operations.closing import close_solved
from otklik.desk.operations.coming_back import end_due_absences
from otklik.desk.operations.documents import renew_documents as renew_documents_of
from otklik.desk.operations.intake import take_in_next
from otklik.desk.operations.mailboxes import due_mailboxes, fetch_mailbox
from otklik.desk.operations.people import forget_stale_viewings
from otklik.desk.operations.priorities import refresh_all_priorities
from otklik.desk.operations.reply_translation import make_reply_translation
from otklik.desk.operations.routing import return_ignored, route_waiting
from otklik.desk.operations.storing import TAKE_IN
from otklik.desk.operations.translating import (
    find_languages,
    make_translation,
    overdue_translations,
    want_translations,
)
from otklik.kit.clock import now

log = logging.getLogger(__name__)
# A job gives its worker back after so many seconds, long before it would be stopped; the rest has a job of
# its own.
_TURN = min(60.0, (Conf.TIMEOUT or 180) / 3)


def take_in_mails() -> None:
    """Everything that was stored and waits."""
    begun = time.monotonic()
    while take_in_next(at=now()):
        if time.monotonic() - begun > _TURN:
            async_task(TAKE_IN)
            return


def fetch_mail() -> None:
    """A job for each mailbox that is due, so that one that does not answer holds up no other."""
    for mailbox_id in due_mailboxes(at=now()):
        async_task("otklik.desk.jobs.fetch_one_mailbox", mailbox_id)


def fetch_one_mailbox(mailbox_id: int) -> None:
    fetch_mailbox(mailbox_id=mailbox_id, at=now())


def send_message(message_id: int) -> None:
    """One that is due, or no longer waits to be taken back."""
    delivery.send_message(message_id=message_id, at=now())


def send_messages(message_ids: Sequence[int]) -> None:
    """One that fails gets a job of its own, so that it holds up no other."""
    for message_id in _send_some(message_ids):
        async_task(delivery.SEND, message_id)


def send_due_messages() -> None:
    """One that fails waits for the next run."""
    waiting = delivery.overdue_messages(at=now())
    for start in range(0, len(waiting), delivery.AT_ONCE):
        _send_some(waiting[start : start + delivery.AT_ONCE])


def _send_some(message_ids: Sequence[int]) -> list[int]:
    """Those that failed for a reason that no mail server gave. What cannot be prepared together is prepared
    one by one."""
    try:
        prepared = delivery.prepare_messages(message_ids=message_ids, at=now())
    except Exception:
        if len(message_ids) > 1:
            return [failed for message_id in message_ids for failed in _send_some([message_id])]
        log.exception("message %s could not be prepared", message_ids[0])
        return list(message_ids)
    return [pk for pk, copies in prepared.items() if not _sent(copies, pk)]


def _sent(copies: Sequence[MailCopy], message_id: int) -> bool:
    try:
        delivery.send_prepared(copies, message_id=message_id, at=now())
    except Exception:
        log.exception("what became of message %s could not be stored", message_id)
        return False
    return True


def read_languages(message_ids: Sequence[int]) -> None:
    """What each is written in, and a translation for whoever cannot read it."""
    find_languages(message_ids)
    want_translations(message_ids, at=now())


def translate_message(translation_id: int) -> None:
    make_translation(translation_id=translation_id, at=now())


def translate_reply(draft_id: int) -> None:
    make_reply_translation(draft_id=draft_id, at=now())


def translate_waiting() -> None:
    for translation_id in overdue_translations(at=now()):
        make_translation(translation_id=translation_id, at=now())


def tidy_mail() -> None:
    """Files that nothing points at any more."""
    drop_unused_blobs(at=now())


def find_owners() -> None:
    """Tickets whose owner is silent come back; those without an owner go to whoever is there by now."""
    return_ignored(at=now())
    route_waiting(at=now())


def close_solved_tickets() -> None:
    close_solved(at=now())


def weigh_tickets() -> None:
    """Waiting alone makes a ticket more important."""
    refresh_all_priorities(at=now())
    forget_stale_viewings(at=now())


def refresh_long_thread(ticket_id: int) -> None:
    refresh_long(ticket_id=ticket_id, at=now())


def renew_documents(kind: str, ids: Sequence[int]) -> None:
    renew_documents_of(kind, ids, at=now())


def send_due_notices() -> None:
    sla_notices.send_due_notices(at=now())


def refresh_open_tickets() -> None:
    policies.refresh_open_tickets()


def begin_absences() -> None:
    absences.begin_due_absences(at=now())
    end_due_absences(at=now())


def hand_over_of_left(user_id: int) -> None:
    absences.hand_over_of_left(user_id=user_id, at=now())


def run_triggers(event: str, occasions: Sequence[tuple[int, int]]) -> None:
    """(ticket, event) of each. One that fails gets a job of its own, so that it holds up no other."""
    for ticket_id, event_id in occasions:
        try:
            run_triggers_of(ticket_id=ticket_id, event=event, event_id=event_id, at=now())
        except Exception:
            if len(occasions) == 1:
                raise
            log.exception("triggers failed on ticket %s", ticket_id)
            async_task(RUN, event, [(ticket_id, event_id)])


def run_time_rules() -> None:
    """A job for each rule, so that a slow one holds up no other."""
    for trigger_id in active_time_rules():
        async_task(RUN_ON_TIME, trigger_id)


def run_one_time_rule(trigger_id: int, after: int = 0) -> None:
    left = run_time_rule(trigger_id=trigger_id, at=now(), after=after, seconds=_TURN)
    if left is not None:
        async_task(RUN_ON_TIME, trigger_id, left)


def count_answer_times() -> None:
    """What the channel guide of the portal tells."""
    answer_times.count_answer_times(at=now())
