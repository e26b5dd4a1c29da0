"""The door of the support desk."""

from otklik.desk.access import (
    answerable_tickets,
    message_scope,
    ticket_scope,
    visible_messages,
    visible_tickets,
)
from otklik.desk.channels.mail.outgoing import Transport, provider_transport
from otklik.desk.models import (
    Message,
    SubRequest,
    Tag,
    Ticket,
    Topic,
)
from otklik.desk.operations.absences import plan_absence
from otklik.desk.operations.bulk import BulkChange, BulkOutcome, Skipped, change_many
from otklik.desk.operations.calls import (
    Direction,
    ask_callback,
    finish_callback,
    log_call,
)
from otklik.desk.operations.closing import close_solved
from otklik.desk.operations.keeping import (
    save_canned,
    save_macro,
    save_mailbox,
    save_profile,
    save_topic,
    save_web_form,
)
from otklik.desk.operations.locking import ChangedMeanwhile, TicketGone, TicketMergedAway
from otklik.desk.operations.merging import merge_tickets
from otklik.desk.operations.messages import (
    NewerMessages,
    NobodyToWriteTo,
    TicketClosed,
    TooLate,
    receive_message,
    receive_messages_bulk,
    reply,
    take_back,
    write_note,
)
from otklik.desk.operations.policies import NewTarget, save_calendar, save_policy
from otklik.desk.operations.ratings import rate_ticket
from otklik.desk.operations.returned import MailOwner, Returned, mail_owners
from otklik.desk.operations.rule_keeping import (
    fingerprint,
    save_trigger,
    switch_on,
)
from otklik.desk.operations.shapes import NewFile, NewMessage, NewTicket, Opened, Received
from otklik.desk.operations.sides import (
    share_message,
    store_customer,
)
from otklik.desk.operations.status_history import PastStatus, change_statuses_bulk
from otklik.desk.operations.sub_requests import (
    answer_sub_request,
    ask_department,
)
from otklik.desk.operations.tickets import (
    CannotOwn,
    NotAllowed,
    add_tag,
    assign,
    change_status,
    change_team,
    create_ticket,
    create_tickets_bulk,
    remove_tag,
    set_language,
    set_partner,
    set_priority,
    set_subject,
    set_topic,
)
from otklik.desk.operations.views import keep_view
from otklik.desk.queries.program_hours import program_calendar
from otklik.desk.queries.ratings import mean_ratings
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.statuses import PartnerWord, partner_word
from otklik.desk.rules.vocabulary import (
    OPEN_STATUSES,
    Availability,
    Channel,
    ClockKind,
    ClockState,
    Delivery,
    LinkKind,
    MessageKind,
    Outcome,
    Priority,
    Side,
    SubRequestState,
    TicketStatus,
    Verdict,
)

__all__ = [
    "OPEN_STATUSES",
    "Availability",
    "BulkChange",
    "BulkOutcome",
    "CannotOwn",
    "ChangedMeanwhile",
    "Channel",
    "ClockKind",
    "ClockState",
    "Delivery",
    "Direction",
    "LinkKind",
    "MailOwner",
    "MailPerson",
    "Message",
    "MessageKind",
    "NewFile",
    "NewMessage",
    "NewTarget",
    "NewTicket",
    "NewerMessages",
    "NobodyToWriteTo",
    "NotAllowed",
    "Opened",
    "Outcome",
    "PartnerWord",
    "PastStatus",
    "Priority",
    "Received",
    "Returned",
    "Side",
    "Skipped",
    "SubRequest",
    "SubRequestState",
    "Tag",
    "Ticket",
    "TicketClosed",
    "TicketGone",
    "TicketMergedAway",
    "TicketStatus",
    "TooLate",
    "Topic",
    "Transport",
    "Verdict",
    "add_tag",
    "answer_sub_request",
    "answerable_tickets",
    "ask_callback",
    "ask_department",
    "assign",
    "change_many",
    "change_status",
    "change_statuses_bulk",
    "change_team",
    "close_solved",
    "create_ticket",
    "create_tickets_bulk",
    "fingerprint",
    "finish_callback",
    "keep_view",
    "log_call",
    "mail_owners",
    "mean_ratings",
    "merge_tickets",
    "message_scope",
    "partner_word",
    "plan_absence",
    "program_calendar",
    "provider_transport",
    "rate_ticket",
    "receive_message",
    "receive_messages_bulk",
    "remove_tag",
    "reply",
    "save_calendar",
    "save_canned",
    "save_macro",
    "save_mailbox",
    "save_policy",
    "save_profile",
    "save_topic",
    "save_trigger",
    "save_web_form",
    "set_language",
    "set_partner",
    "set_priority",
    "set_subject",
    "set_topic",
    "share_message",
    "store_customer",
    "switch_on",
    "take_back",
    "ticket_scope",
    "visible_messages",
    "visible_tickets",
    "write_note",
]
