"""What a message says in somebody's language: where the message is seen, and nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from otklik.desk.models import Draft, Message, Ticket, Translation
from otklik.desk.operations.translators import is_translating as somebody_translates
from otklik.desk.queries.sides import messages_for
from otklik.desk.rules.languages import needs_translation, short_code
from otklik.desk.rules.vocabulary import MessageKind, Side, TranslationState

_SHOWN = (MessageKind.INCOMING, MessageKind.REPLY, MessageKind.CALL, MessageKind.NOTE)


@dataclass(frozen=True, slots=True)
class Reading:
    """``text`` is what a reader is shown, ``other`` what is one tap away ("" where there is no other).

    ``is_machine``: ``text`` was made by a machine and read by nobody. ``is_original``: ``text`` is what our
    writer wrote, and what went out, in ``other_language``, is the other one.
    """

    text: str
    language: str
    other: str = ""
    other_language: str = ""
    is_machine: bool = False
    is_original: bool = False
    is_waiting: bool = False
    is_offered: bool = False
    failure: str = ""


def reading_of(message: Message, *, language: str, is_translating: bool) -> Reading:
    """For a member of staff who reads this language. ``message.translations`` is best fetched before."""
    wanted = short_code(language)
    rows = sorted(message.translations.all(), key=lambda row: row.pk)
    original = next((row for row in rows if row.is_original), None)
    if original is not None:
        if short_code(message.language) != wanted:
            return Reading(original.text, original.language, message.text, message.language, is_original=True)
        return Reading(message.text, message.language, original.text, original.language)
    return _read(message, [row for row in rows if row.language == wanted], wanted, is_translating)


def _read(message: Message, rows: Sequence[Translation], wanted: str, is_translating: bool) -> Reading:
    made = next((row for row in reversed(rows) if row.state == TranslationState.MADE), None)
    if made is not None:
        return Reading(made.text, wanted, message.text, message.language, is_machine=True)
    last = rows[-1] if rows else None
    needs = message.kind in _SHOWN and needs_translation(
        language=message.language,
        is_sure=message.language_probability is not None,
        text=message.text,
        reads=[wanted],
    )
    is_waiting = last is not None and last.state == TranslationState.WANTED
    return Reading(
        message.text,
        message.language,
        is_waiting=is_waiting,
        is_offered=is_translating and needs and not is_waiting,
        failure=last.failure if last is not None and last.state == TranslationState.FAILED else "",
    )


def readings_for(side: Side, ticket: Ticket, ids: Collection[int], *, language: str) -> dict[int, Reading]:
    """For an outside side that reads this language: those of its messages that say something in another one
    too, are about to, or could. By id; three queries at most. What the side may not read has no entry,
    whatever is asked."""
    # A machine wrote what is about money, and in their language.
    rows = messages_for(side, ticket).filter(pk__in=ids, about_money=False)
    seen = rows.prefetch_related("translations")
    translates = somebody_translates()
    found: dict[int, Reading] = {}
    for message in seen:
        made = sorted(message.translations.all(), key=lambda row: row.pk)
        original = next((row for row in made if row.is_original), None)
        own = [row for row in made if row.language == short_code(language)]
        if original is not None:
            # They are shown what was sent to them; what our writer wrote is one tap away.
            found[message.pk] = Reading(message.text, message.language, original.text, original.language)
        elif own or (translates and message.side != side):
            # Asked for once: whoever is outside does not wear out our provider.
            reading = _read(message, own, short_code(language), translates and not own)
            if own or reading.is_offered:
                found[message.pk] = reading
    return found


@dataclass(frozen=True, slots=True)
class ReplyLanguage:
    """In which language a reply may go out. ``suggested`` "": as it is written."""

    suggested: str
    likely: Sequence[str]


def reply_language(
    ticket: Ticket, messages: Sequence[Message], draft: Draft | None, *, own: str
) -> ReplyLanguage:
    """The partner's: of what they wrote last, where it told its language, else of the ticket."""
    heard = [m for m in messages if m.kind == MessageKind.INCOMING and m.language_probability is not None]
    theirs = short_code(heard[-1].language if heard else ticket.language)
    chosen = draft.into if draft is not None and draft.into else theirs
    suggested = "" if chosen == short_code(own) else chosen
    return ReplyLanguage(suggested, [code for code in dict.fromkeys((chosen, theirs)) if code])
