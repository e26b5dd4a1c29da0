"""The door of the support desk."""

from otklik.desk.access import (
    answerable_tickets,
    message_scope,
    sees_all_of_partners,
    ticket_scope,
    visible_messages,
    visible_tickets,
)
from otklik.desk.channels.mail.outgoing import Transport, provider_transport
from otklik.desk.labels import CHANNEL, STATUS_FOR_PARTNER
from otklik.desk.models import (
    Message,
    Rating,
    SubRequest,
    Tag,
    Ticket,
    Topic,
)
from otklik.desk.operations.absences import plan_absence
from otklik.desk.operations.answer_times import count_answer_times
from otklik.desk.operations.automatic import BY_RULE, partner_address, write_automatically
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
from otklik.desk.operations.locking import ChangedMeanwhile, TicketGone, TicketMergedAway, locked_ticket
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
from otklik.desk.operations.owner_history import PastOwner, change_owners_bulk
from otklik.desk.operations.partner_side import (
    NoAddress,
    NotBeside,
    ask_as_contact,
    let_colleague_read,
    rate_as_contact,
    solve_as_contact,
    spare_colleague,
    write_as_contact,
)
from otklik.desk.operations.policies import NewTarget, save_calendar, save_policy
from otklik.desk.operations.ratings import NotRatable, RatingSettled, may_rate, rate_ticket
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
from otklik.desk.operations.translating import NothingToTranslate, TranslationOff, ask_translation
from otklik.desk.operations.translators import InUse, is_translating, terms_for, translator_in_use
from otklik.desk.operations.views import keep_view
from otklik.desk.personal import personal_data
from otklik.desk.queries.directory import (
    Answered,
    Directory,
    Hours,
    Opening,
    Room,
    answer_expected,
    directory_for,
    offered_topics,
    questions_of,
)
from otklik.desk.queries.inbox import Cursor, read_cursor
from otklik.desk.queries.inbox_filter import InboxFilter
from otklik.desk.queries.inbox_filter import Order as InboxOrder
from otklik.desk.queries.inbox_filter import View as InboxView
from otklik.desk.queries.links import ticket_page
from otklik.desk.queries.lived import first_tickets, lived_through, tickets_with_words_of
from otklik.desk.queries.outside import beside_the_requester
from otklik.desk.queries.partner_side import (
    Matter,
    MatterFilter,
    MatterPage,
    Promised,
    colleagues_beside,
    matter_of,
    matter_page,
    matters_of,
    open_count,
    partner_subjects,
    promised_matters,
    promises_of,
    waiting_matters,
)
from otklik.desk.queries.program_hours import program_calendar
from otklik.desk.queries.proof import is_proved
from otklik.desk.queries.ratings import mean_ratings, rating_of
from otklik.desk.queries.sides import Said, conversation_for, file_for, subject_for
from otklik.desk.queries.translations import Reading, readings_for
from otklik.desk.rules.auto_reply import Refused
from otklik.desk.rules.handling import Move, answers_in, hand_overs
from otklik.desk.rules.lived import LivedTicket
from otklik.desk.rules.mail.parsed import MailPerson
from otklik.desk.rules.statuses import PartnerWord, partner_word
from otklik.desk.rules.vocabulary import (
    OPEN_STATUSES,
    UNSERVED,
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
from otklik.desk.templatetags.desk_words import topic_name
from otklik.desk.web.files import NoRoom, TooLarge, shown_type, stored_uploads
from otklik.desk.web.public.forms import CallFields

__all__ = [
    "BY_RULE",
    "CHANNEL",
    "OPEN_STATUSES",
    "STATUS_FOR_PARTNER",
    "UNSERVED",
    "Answered",
    "Availability",
    "BulkChange",
    "BulkOutcome",
    "CallFields",
    "CannotOwn",
    "ChangedMeanwhile",
    "Channel",
    "ClockKind",
    "ClockState",
    "Cursor",
    "Delivery",
    "Direction",
    "Directory",
    "Hours",
    "InUse",
    "InboxFilter",
    "InboxOrder",
    "InboxView",
    "LinkKind",
    "LivedTicket",
    "MailOwner",
    "MailPerson",
    "Matter",
    "MatterFilter",
    "MatterPage",
    "Message",
    "MessageKind",
    "Move",
    "NewFile",
    "NewMessage",
    "NewTarget",
    "NewTicket",
    "NewerMessages",
    "NoAddress",
    "NoRoom",
    "NobodyToWriteTo",
    "NotAllowed",
    "NotBeside",
    "NotRatable",
    "NothingToTranslate",
    "Opened",
    "Opening",
    "Outcome",
    "PartnerWord",
    "PastOwner",
    "PastStatus",
    "Priority",
    "Promised",
    "Rating",
    "RatingSettled",
    "Reading",
    "Received",
    "Refused",
    "Returned",
    "Room",
    "Said",
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
    "TooLarge",
    "TooLate",
    "Topic",
    "TranslationOff",
    "Transport",
    "Verdict",
    "add_tag",
    "answer_expected",
    "answer_sub_request",
    "answerable_tickets",
    "answers_in",
    "ask_as_contact",
    "ask_callback",
    "ask_department",
    "ask_translation",
    "assign",
    "beside_the_requester",
    "change_many",
    "change_owners_bulk",
    "change_status",
    "change_statuses_bulk",
    "change_team",
    "close_solved",
    "colleagues_beside",
    "conversation_for",
    "count_answer_times",
    "create_ticket",
    "create_tickets_bulk",
    "directory_for",
    "file_for",
    "fingerprint",
    "finish_callback",
    "first_tickets",
    "hand_overs",
    "is_proved",
    "is_translating",
    "keep_view",
    "let_colleague_read",
    "lived_through",
    "locked_ticket",
    "log_call",
    "mail_owners",
    "matter_of",
    "matter_page",
    "matters_of",
    "may_rate",
    "mean_ratings",
    "merge_tickets",
    "message_scope",
    "offered_topics",
    "open_count",
    "partner_address",
    "partner_subjects",
    "partner_word",
    "personal_data",
    "plan_absence",
    "program_calendar",
    "promised_matters",
    "promises_of",
    "provider_transport",
    "questions_of",
    "rate_as_contact",
    "rate_ticket",
    "rating_of",
    "read_cursor",
    "readings_for",
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
    "sees_all_of_partners",
    "set_language",
    "set_partner",
    "set_priority",
    "set_subject",
    "set_topic",
    "share_message",
    "shown_type",
    "solve_as_contact",
    "spare_colleague",
    "store_customer",
    "stored_uploads",
    "subject_for",
    "switch_on",
    "take_back",
    "terms_for",
    "ticket_page",
    "ticket_scope",
    "tickets_with_words_of",
    "topic_name",
    "translator_in_use",
    "visible_messages",
    "visible_tickets",
    "waiting_matters",
    "write_as_contact",
    "write_automatically",
    "write_note",
]
