"""Answers as something that can be imported.

An answer is the same answer when it has the same id in a column of the file; without such a column, when
partner, contact, moment, score and comment are the same. Equal rows within one file are counted, so that
two people of a company who gave the same score on the same day stay two answers, and the same file once
more adds none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext_lazy as _

from otklik.events.public import Actor
from otklik.feedback.operations.responses import ResponseRow, RowOutcome, record_responses
from otklik.feedback.operations.surveys import ensure_survey
from otklik.feedback.rules.vocabulary import Channel, RowProblem, RowResult, SurveyKind
from otklik.kit.registry import Text
from otklik.kit.tabular import Cell, NoScore, read_score
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
    role_words,
    words,
)
from otklik.partners.public import AddressKind

_REFS = ("partner_external_id", "partner_name", "contact_external_id", "contact_email", "contact_name")
# The survey that imported answers of each kind belong to, made at the first import.
SURVEY_NAMES = {
    SurveyKind.NPS: "NPS (import)",
    SurveyKind.CSAT: "CSAT (import)",
    SurveyKind.CES: "CES (import)",
}
_CHANNELS = {channel.value: channel.value for channel in Channel} | {
    "e-mail": Channel.EMAIL,
    "mail": Channel.EMAIL,
    "почта": Channel.EMAIL,
    "портал": Channel.PORTAL,
    "ссылка": Channel.LINK,
    "телеграм": Channel.TELEGRAM,
    "чат": Channel.CHAT,
    "телефон": Channel.PHONE,
    "импорт": Channel.IMPORT,
}


def score(cell: Cell, hints: Hints) -> int | None:
    """A whole number; the scale of the survey is checked when the answer is stored."""
    found = read_score(cell)
    if found is NoScore.MISSING:
        return None
    if isinstance(found, NoScore):
        raise BadValue(f"score_{found.value}")
    return found


def one_email(cell: Cell, hints: Hints) -> str | None:
    found = import_values.address(AddressKind.EMAIL)(cell, hints)
    if found and len(found) > 1:
        raise BadValue("not_email")
    return found[0] if found else None


FIELDS: tuple[Field, ...] = (
    Field(
        "score",
        _("score"),
        score,
        words(
            "nps, nps score, rating, grade, mark, likelihood, csat, ces, "
            "оценка, балл, баллы, nps оценка, рейтинг, готовность рекомендовать"
        ),
        looks=Looks.SCORE,
        required=True,
        example="9",
    ),
    Field(
        "responded_at",
        _("answered on"),
        import_values.moment,
        words(
            "date, response date, responded at, answered at, submitted at, created at, timestamp, time, "
            "дата, дата ответа, дата опроса, время, дата и время"
        ),
        looks=Looks.DATE,
        required=True,
        example="2025-03-12",
    ),
    Field(
        "partner_external_id",
        _("partner's external id"),
        import_values.text(120),
        words("partner id, company id, account id, код партнёра, id партнёра, код компании"),
        example="A-17",
    ),
    Field(
        "partner_name",
        _("partner's name"),
        import_values.text(200),
        words(
            "partner, company, company name, account, organization, "
            "партнёр, компания, организация, название партнёра, контрагент"
        ),
        example="Aurora",
    ),
    Field(
        "contact_email",
        _("contact's e-mail"),
        one_email,
        words("email, mail, email address, respondent email, почта, электронная почта, email контакта"),
        looks=Looks.EMAIL,
        example="vera@aurora.example",
    ),
    Field(
        "contact_external_id",
        _("contact's external id"),
        import_values.text(120),
        words("contact id, user id, respondent id, код контакта, id контакта"),
    ),
    Field(
        "contact_name",
        _("contact's name"),
        import_values.text(200),
        words("contact, name, full name, respondent, контакт, имя, фио, респондент"),
        help=_("Only together with the partner."),
    ),
    Field(
        "comment",
        _("comment"),
        import_values.comment(20_000),
        words(
            "feedback, text, reason, verbatim, answer text, why, explication, "
            "комментарий, отзыв, текст, причина, почему"
        ),
        example=_("Payouts come on time."),
    ),
    Field(
        "answer_id",
        _("id of the answer"),
        import_values.text(120),
        words("id, response id, answer id, survey response id, ид, id ответа, код ответа, номер"),
        help=_("By it an answer is known again when the file is imported once more."),
    ),
    Field("channel", _("channel"), import_values.choice(_CHANNELS), words("source, канал, источник")),
    Field("language", _("language"), import_values.language, words("lang, locale, язык")),
    Field(
        "role",
        _("role at that time"),
        import_values.choice(role_words),
        words("contact role, роль, роль контакта"),
        help=_("Blank: the contact's role as it is now. The same holds for tier, segment and country."),
    ),
    Field("tier", _("tier at that time"), import_values.text(40), words("partner tier, level, уровень, тир")),
    Field("segment", _("segment at that time"), import_values.text(60), words("сегмент")),
    Field(
        "country", _("country at that time"), import_values.country, words("country code, geo, страна, гео")
    ),
)

_KIND_OPTION = Option(
    "kind",
    _("What was asked"),
    (
        (SurveyKind.NPS.value, _("recommendation, 0 to 10 (NPS)")),
        (SurveyKind.CSAT.value, _("satisfaction, 1 to 5 (CSAT)")),
        (SurveyKind.CES.value, _("effort, 1 to 7 (CES)")),
    ),
)
_STRANGERS_OPTION = Option(
    "strangers",
    _("Answers of people who are not among the contacts"),
    (
        ("fail", _("list as failed rows")),
        ("company", _("store as an answer of the company")),
    ),
)


class AnswersTarget:
    name = "answers"
    label: Text = _("Answers")
    order = 30
    help: Text = _("Scores and comments of surveys, with the day they were given and who gave them.")
    fields: tuple[Field, ...] = FIELDS
    one_of: tuple[tuple[str, ...], ...] = (_REFS[:4],)
    options: tuple[Option, ...] = (_KIND_OPTION, _STRANGERS_OPTION)
    reasons: Mapping[str, Text] = {
        "score_out_of_range": _("A score is a number from 0 to 10."),
        "score_not_whole": _("A score is a whole number."),
        "score_fraction": _("This is a fraction: write the score alone, such as 9."),
        "score_a_date": _("This is a date: the spreadsheet made it of a fraction such as 9/10."),
        "score_text": _("This is not a score."),
        RowProblem.SCORE_OFF_SCALE.value: _("The score is not on the scale of this kind of survey."),
        RowProblem.IN_THE_FUTURE.value: _("This day is still to come."),
        RowProblem.VALUE_TOO_LONG.value: _("A value of this row is too long."),
        "partner_unknown": _(
            "The program has no such partner. Import partners first: the same file will do."
        ),
        "partner_ambiguous": _("Several partners have this name. Add a column with their external id."),
        "partner_missing": _("The row names no partner, and none follows from the contact."),
        "contact_unknown": _("No such contact is known. Import contacts first: the same file will do."),
        "contact_ambiguous": _("Several contacts fit. Add a column with the partner or the contact's id."),
    }

    def identity(self, values: Mapping[str, Any]) -> str | None:
        if values.get("answer_id"):
            return None
        said = [str(values.get(name) or "") for name in (*_REFS, "responded_at", "score", "comment")]
        return "\x1f".join(said)

    def store_chunk(
        self, rows: Sequence[ImportRow], *, context: ImportContext, by: Actor, at: datetime
    ) -> Sequence[Outcome]:
        kind = SurveyKind(context.options.get("kind", SurveyKind.NPS))
        version = ensure_survey(
            program_id=context.program_id, name=SURVEY_NAMES[kind], kind=kind, by=by, at=at
        )
        meant = find_people(context.program_id, [_ref(row.values) for row in rows])
        as_company = context.options.get("strangers") == "company"
        outcomes: list[Outcome | None] = []
        answers: list[ResponseRow] = []
        for row, person in zip(rows, meant, strict=True):
            if person.code and not (as_company and person.code == "contact_unknown" and person.partner_id):
                outcomes.append(failed(person.code, person.about))
                continue
            outcomes.append(None)
            answers.append(_answer(row, person, kind, version.pk))
        stored = iter(record_responses(answers, by=by, at=at) if answers else [])
        return [outcome or _outcome(next(stored)) for outcome in outcomes]


def _ref(values: Mapping[str, Any]) -> PersonRef:
    return PersonRef(**{name: values.get(name) or "" for name in _REFS})


def _answer(row: ImportRow, person: Meant, kind: SurveyKind, version_id: int) -> ResponseRow:
    values = row.values
    assert person.partner_id is not None  # a row without a partner has failed before
    return ResponseRow(
        source_key=_source_key(row, person, kind),
        partner_id=person.partner_id,
        contact_id=person.contact_id,
        version_id=version_id,
        score=values["score"],
        responded_at=values["responded_at"],
        comment=values.get("comment") or "",
        language=values.get("language") or "",
        channel=values.get("channel") or Channel.IMPORT,
        role=values.get("role"),
        tier=values.get("tier"),
        segment=values.get("segment"),
        country=values.get("country"),
    )


def _source_key(row: ImportRow, person: Meant, kind: SurveyKind) -> str:
    values = row.values
    if values.get("answer_id"):
        return f"file:{kind}:{values['answer_id']}"
    said = (
        kind,
        person.partner_id,
        person.contact_id,
        values["responded_at"].isoformat(),
        values["score"],
        values.get("comment") or "",
    )
    digest = blake2b("\x1f".join(map(str, said)).encode(), digest_size=16).hexdigest()
    return f"row:{digest}:{row.twin}"


_ABOUT = {
    RowProblem.SCORE_OFF_SCALE: "score",
    RowProblem.IN_THE_FUTURE: "responded_at",
}


def _outcome(found: RowOutcome) -> Outcome:
    if found.problem is not None and found.result is RowResult.FAILED:
        return failed(found.problem.value, _ABOUT.get(found.problem, ""))
    return SKIPPED if found.result is RowResult.SKIPPED else STORED
