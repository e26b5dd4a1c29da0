"""Mentions as something that can be imported: what somebody gathered in a table.

A mention is the same one when it has the same id in a column of the file; without such a column, when
address, author, title and words are the same. The same file once more adds none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from otklik.events.public import Actor
from otklik.feedback.operations.voices.mentions import MentionFate, NewMention, read_mentions, store_mentions
from otklik.feedback.rules.voices.addresses import key_of, levelled_address, web_address
from otklik.feedback.rules.voices.feeds import LONGEST_AUTHOR, LONGEST_TEXT, LONGEST_TITLE
from otklik.feedback.rules.voices.plain import one_line, plain_text
from otklik.feedback.rules.voices.vocabulary import MentionSource
from otklik.kit.registry import Text
from otklik.kit.tabular import Cell
from otklik.partners.imports.public import (
    SKIPPED,
    STORED,
    BadValue,
    Field,
    Hints,
    ImportContext,
    ImportRow,
    Looks,
    Meant,
    Option,
    Outcome,
    PersonRef,
    failed,
    find_people,
    import_values,
    words,
)


def address(cell: Cell, hints: Hints) -> str | None:
    text: str | None = import_values.text(2000)(cell, hints)
    if text is None:
        return None
    if not (found := web_address(text)):
        raise BadValue("not_web_address")
    return found


FIELDS: tuple[Field, ...] = (
    Field(
        "text",
        _("words of the mention"),
        import_values.comment(LONGEST_TEXT * 5),
        words("text, review, body, content, message, mention, comment, отзыв, текст, сообщение, упоминание"),
        example=_("Payouts come on time."),
    ),
    Field(
        "title",
        _("title"),
        import_values.text(LONGEST_TITLE),
        words("headline, subject, заголовок, тема, название"),
    ),
    Field(
        "url",
        _("address of the page"),
        address,
        words("link, address, page, source url, ссылка, адрес, страница, адрес страницы"),
        example="https://forum.example/t/7",
    ),
    Field(
        "author", _("author"), import_values.text(LONGEST_AUTHOR), words("user, by, nick, автор, ник, кто")
    ),
    Field(
        "published_at",
        _("published on"),
        import_values.moment,
        words("date, published, published at, created at, time, дата, дата публикации, опубликовано"),
        looks=Looks.DATE,
        example="2025-03-12",
    ),
    Field(
        "partner_external_id",
        _("partner's external id"),
        import_values.text(120),
        words("partner id, company id, account id, код партнёра, id партнёра, код компании"),
    ),
    Field(
        "partner_name",
        _("partner's name"),
        import_values.text(200),
        words("partner, company, company name, партнёр, компания, организация, название партнёра"),
        example="Aurora",
    ),
    Field(
        "mention_id",
        _("id of the mention"),
        import_values.text(120),
        words("id, review id, mention id, ид, id отзыва, id упоминания, код отзыва"),
        help=_("By it a mention is known again when the file is imported once more."),
    ),
)
_STRANGERS_OPTION = Option(
    "strangers",
    _("Mentions of partners who are not known"),
    (
        ("fail", _("list as failed rows")),
        ("nobody", _("store without a partner")),
    ),
)


class MentionsTarget:
    name = "mentions"
    label: Text = _("Mentions")
    order = 40
    help: Text = _(
        "What is said about the program in public: reviews, posts and messages with their addresses."
    )
    fields: tuple[Field, ...] = FIELDS
    one_of: tuple[tuple[str, ...], ...] = (("text", "title"),)
    options: tuple[Option, ...] = (_STRANGERS_OPTION,)
    reasons: Mapping[str, Text] = {
        "not_web_address": _("This is not an address of a page: it begins with http:// or https://."),
        "no_words": _("There are no words in this row."),
        "partner_unknown": _(
            "The program has no such partner. Import partners first: the same file will do."
        ),
        "partner_ambiguous": _("Several partners have this name. Add a column with their external id."),
    }

    def identity(self, values: Mapping[str, Any]) -> str | None:
        return None

    def store_chunk(
        self, rows: Sequence[ImportRow], *, context: ImportContext, by: Actor, at: datetime
    ) -> Sequence[Outcome]:
        meant = find_people(context.program_id, [_ref(row.values) for row in rows])
        outcomes: list[Outcome | None] = []
        fresh: list[NewMention] = []
        for row, person in zip(rows, meant, strict=True):
            mention = _mention(row.values, person)
            outcome = _refusal(mention, person, context.options.get("strangers", "fail"))
            outcomes.append(outcome)
            if outcome is None:
                fresh.append(mention)
        read = read_mentions(context.program_id, fresh)
        fates = iter(store_mentions(context.program_id, read, source=MentionSource.FILE, by=by, at=at))
        return [outcome or (STORED if next(fates) is MentionFate.STORED else SKIPPED) for outcome in outcomes]


def _ref(values: Mapping[str, Any]) -> PersonRef:
    return PersonRef(
        partner_external_id=values.get("partner_external_id") or "",
        partner_name=values.get("partner_name") or "",
    )


def _refusal(mention: NewMention, person: Meant, strangers: str) -> Outcome | None:
    if not (mention.title or mention.text):
        return failed("no_words", "text")
    if person.code in ("partner_unknown", "partner_ambiguous") and strangers == "fail":
        return failed(person.code, person.about)
    return None


def _mention(values: Mapping[str, Any], person: Meant) -> NewMention:
    title = one_line(values.get("title") or "", LONGEST_TITLE)
    text = plain_text(values.get("text") or "", LONGEST_TEXT)
    author, url = values.get("author") or "", values.get("url") or ""
    named = values.get("mention_id")
    key = (
        key_of("file", named) if named else key_of("row", url and levelled_address(url), author, title, text)
    )
    return NewMention(key, values.get("published_at"), author, url, title, text, person.partner_id)
