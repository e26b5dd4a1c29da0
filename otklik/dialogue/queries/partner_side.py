"""What partners read: of their own company and person, and ideas of their program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from otklik.dialogue.models import (
    Addressee,
    AnnouncementQuestion,
    AnnouncementText,
    Commitment,
    Goal,
    Idea,
    NoNewsMails,
    OnboardingStep,
    Vote,
)
from otklik.dialogue.rules.lists import in_language
from otklik.dialogue.rules.promises import Record, goal_steps, promise_steps, record_of, standing
from otklik.dialogue.rules.similar import most_similar
from otklik.dialogue.rules.vocabulary import (
    GoalState,
    IdeaState,
    Moderation,
    NewsState,
    PromiseState,
    Side,
    Standing,
)

MOST_COMPARED = 1000


@dataclass(frozen=True, slots=True)
class NewsLine:
    """``needs_answer``: still to be acknowledged."""

    id: int
    kind: str
    title: str
    language: str
    visible_from: datetime
    is_read: bool
    needs_answer: bool


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something the partner has to do. ``what``: "acknowledge", "goal", "commitment", "promise", "step".
    ``url``: name and arguments of the page for it."""

    what: str
    title: str
    due_on: date | None
    is_overdue: bool
    url: tuple[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class PromiseLine:
    id: int
    text: str
    due_on: date
    standing: Standing
    owner: str


@dataclass(frozen=True, slots=True)
class Progress:
    """Of an onboarding. ``next_*``: the partner's own next step, empty where they wait for us."""

    done: int
    total: int
    next_title: str
    next_link: str
    next_due_on: date | None
    is_finished: bool

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 100


def news_to(contact_id: int, *, at: datetime) -> QuerySet[Addressee]:
    """The newest first."""
    rows = Addressee.objects.filter(
        contact_id=contact_id,
        announcement__state=NewsState.PUBLISHED,
        announcement__visible_from__lte=at,
    )
    return rows.select_related("announcement").order_by("-announcement__visible_from", "-pk")


def news_for(contact_id: int, *, language: str, at: datetime, limit: int = 5) -> list[NewsLine]:
    """Two queries."""
    return news_lines(list(news_to(contact_id, at=at)[:limit]), language)


def wants_news_mails(contact_id: int) -> bool:
    return not NoNewsMails.objects.filter(contact_id=contact_id).exists()


def news_lines(rows: Sequence[Addressee], language: str) -> list[NewsLine]:
    titles = _titles([row.announcement_id for row in rows])
    lines = []
    for row in rows:
        news = row.announcement
        told = titles.get(news.pk, {})
        lines.append(
            NewsLine(
                id=news.pk,
                kind=news.kind,
                title=in_language(told, language),
                language=_language_told(told, language),
                visible_from=news.visible_from or news.created_at,
                is_read=row.read_at is not None,
                needs_answer=news.needs_acknowledgement and row.acknowledged_at is None,
            )
        )
    return lines


def waiting_for(
    partner_id: int, contact_id: int, *, language: str, today: date, at: datetime
) -> list[WaitingLine]:
    """What is due first comes first. Six queries, however much there is."""
    lines = [
        *_to_acknowledge(contact_id, language, at),
        *_to_answer(partner_id),
        *_own_promises(partner_id, today),
        *_own_steps(partner_id, language, today),
    ]
    return sorted(lines, key=lambda line: (line.due_on is None, line.due_on or date.max, line.what))


def promises_to(partner_id: int, *, today: date) -> list[PromiseLine]:
    """What we promised them and have not done yet. One query."""
    rows = Commitment.objects.filter(partner_id=partner_id, side=Side.OURS, state=PromiseState.AGREED)
    return [
        PromiseLine(
            row.pk,
            row.text,
            row.due_on,
            standing(row.state, row.due_on, row.done_on, today),
            row.owner.name if row.owner else "",
        )
        for row in rows.select_related("owner").order_by("due_on", "pk")
    ]


def onboarding_progress(partner_id: int, *, language: str) -> Progress | None:
    """None where there is no onboarding. One query."""
    steps = list(OnboardingStep.objects.filter(onboarding__partner_id=partner_id).order_by("position", "pk"))
    if not steps:
        return None
    next_one = next((s for s in steps if s.done_at is None and s.side == Side.THEIRS), None)
    return Progress(
        done=sum(step.done_at is not None for step in steps),
        total=len(steps),
        next_title=in_language(next_one.titles, language) if next_one else "",
        next_link=next_one.link if next_one else "",
        next_due_on=next_one.due_on if next_one else None,
        is_finished=all(step.done_at for step in steps),
    )


def text_for(announcement_id: int, language: str) -> AnnouncementText | None:
    """In this language, or in whichever there is."""
    texts = {t.language: t for t in AnnouncementText.objects.filter(announcement_id=announcement_id)}
    for code in (language, "en", "ru", *texts):
        if code in texts:
            return texts[code]
    return None


def shown_answers(announcement_id: int) -> QuerySet[AnnouncementQuestion]:
    rows = AnnouncementQuestion.objects.filter(announcement_id=announcement_id)
    return rows.exclude(shown_at=None).order_by("shown_at", "pk")


def own_questions(announcement_id: int, partner_id: int) -> QuerySet[AnnouncementQuestion]:
    rows = AnnouncementQuestion.objects.filter(announcement_id=announcement_id, partner_id=partner_id)
    return rows.select_related("ticket", "contact").order_by("pk")


def shown_ideas(program_id: int, partner_id: int) -> QuerySet[Idea]:
    """Those of the program that were moderated, and one's own company's still waiting."""
    rows = Idea.objects.filter(program_id=program_id, merged_into=None)
    return rows.filter(
        Q(moderation=Moderation.SHOWN) | Q(moderation=Moderation.WAITING, partner_id=partner_id)
    )


def counted(ideas: QuerySet[Idea], contact_id: int = 0) -> QuerySet[Idea]:
    """With ``people`` and ``companies`` that voted, and whether this person did."""
    mine = Vote.objects.filter(idea=OuterRef("pk"), contact_id=contact_id)
    return ideas.annotate(
        people=Count("votes"), companies=Count("votes__partner", distinct=True), is_mine=Exists(mine)
    )


def most_wanted(ideas: QuerySet[Idea], contact_id: int = 0) -> QuerySet[Idea]:
    """By companies first: a large one must not outvote ten small ones."""
    return counted(ideas, contact_id).order_by(F("companies").desc(), F("people").desc(), "-pk")


def done_ideas(program_id: int) -> QuerySet[Idea]:
    """You said, we did: the newest first."""
    rows = Idea.objects.filter(
        program_id=program_id, state=IdeaState.DONE, moderation=Moderation.SHOWN, merged_into=None
    )
    return counted(rows).order_by("-state_changed_at", "-pk")


def similar_ideas(text: str, ideas: QuerySet[Idea], *, most: int = 5) -> list[Idea]:
    """Of the newest of these. Two queries."""
    others = ideas.order_by("-pk").values_list("pk", "title", "text")[:MOST_COMPARED]
    found = most_similar(text, [(pk, f"{title} {body[:300]}") for pk, title, body in others], most=most)
    rows = counted(Idea.objects.filter(pk__in=[pk for pk, _ in found])).in_bulk()
    return [rows[pk] for pk, _ in found]


@dataclass(frozen=True, slots=True)
class Agreed:
    """A goal or commitment as a page shows it, with the steps that this side may take."""

    row: Goal | Commitment
    standing: Standing
    steps: frozenset[str]
    note: str


@dataclass(frozen=True, slots=True)
class Agreements:
    goals: list[Agreed]
    ours: list[Agreed]
    theirs: list[Agreed]
    our_record: Record
    their_record: Record

    @property
    def is_empty(self) -> bool:
        return not (self.goals or self.ours or self.theirs)


def agreements(partner_id: int, *, side: Side, today: date) -> Agreements:
    """As this side sees them. Two queries."""
    goals = Goal.objects.filter(partner_id=partner_id).select_related("owner", "contact")
    rows = Commitment.objects.filter(partner_id=partner_id).select_related("owner", "contact", "goal")
    promises: dict[Side, list[Agreed]] = {one: [] for one in Side}
    for row in rows.order_by("due_on", "pk"):
        promises[Side(row.side)].append(agreed_promise(row, side=side, today=today))
    return Agreements(
        goals=[agreed_goal(row, side=side, today=today) for row in goals.order_by("due_on", "pk")],
        ours=promises[Side.OURS],
        theirs=promises[Side.THEIRS],
        our_record=record_of(one.standing for one in promises[Side.OURS]),
        their_record=record_of(one.standing for one in promises[Side.THEIRS]),
    )


def agreed_goal(row: Goal, *, side: Side, today: date) -> Agreed:
    steps = goal_steps(GoalState(row.state), proposed_by=Side(row.proposed_by), side=side)
    stands = standing(row.state, row.due_on, row.closed_on, today)
    return Agreed(row, stands, frozenset(str(one) for one in steps), row.reason)


def agreed_promise(row: Commitment, *, side: Side, today: date) -> Agreed:
    steps = promise_steps(
        PromiseState(row.state), proposed_by=Side(row.proposed_by), of=Side(row.side), side=side
    )
    stands = standing(row.state, row.due_on, row.done_on, today)
    return Agreed(row, stands, frozenset(str(one) for one in steps), row.note)


def _to_acknowledge(contact_id: int, language: str, at: datetime) -> list[WaitingLine]:
    rows = news_to(contact_id, at=at).filter(announcement__needs_acknowledgement=True, acknowledged_at=None)
    return [
        WaitingLine(
            "acknowledge", line.title, None, is_overdue=False, url=("portal-announcement", (line.id,))
        )
        for line in news_lines(list(rows[:10]), language)
    ]


def _to_answer(partner_id: int) -> list[WaitingLine]:
    asked = {"partner_id": partner_id, "state": "proposed", "proposed_by": Side.OURS}
    goals = Goal.objects.filter(**asked).order_by("due_on", "pk")[:10]
    promises = Commitment.objects.filter(**asked).order_by("due_on", "pk")[:10]
    page: tuple[str, tuple[int, ...]] = ("portal-goals", ())
    return [
        *(WaitingLine("goal", row.text, row.due_on, is_overdue=False, url=page) for row in goals),
        *(WaitingLine("commitment", row.text, row.due_on, is_overdue=False, url=page) for row in promises),
    ]


def _own_promises(partner_id: int, today: date) -> list[WaitingLine]:
    rows = Commitment.objects.filter(partner_id=partner_id, side=Side.THEIRS, state=PromiseState.AGREED)
    return [
        WaitingLine("promise", row.text, row.due_on, is_overdue=row.due_on < today, url=("portal-goals", ()))
        for row in rows.order_by("due_on", "pk")[:10]
    ]


def _own_steps(partner_id: int, language: str, today: date) -> list[WaitingLine]:
    rows = OnboardingStep.objects.filter(
        onboarding__partner_id=partner_id, side=Side.THEIRS, done_at=None
    ).order_by("position", "pk")
    return [
        WaitingLine(
            "step",
            in_language(row.titles, language),
            row.due_on,
            is_overdue=row.due_on < today,
            url=("portal-start", ()),
        )
        for row in rows[:3]
    ]


def _titles(ids: Sequence[int]) -> dict[int, Mapping[str, str]]:
    found: dict[int, dict[str, str]] = {}
    rows = AnnouncementText.objects.filter(announcement_id__in=ids)
    for pk, language, title in rows.values_list("announcement_id", "language", "title"):
        found.setdefault(pk, {})[language] = title
    return {**found}


def _language_told(texts: Mapping[str, str], language: str) -> str:
    return next((code for code in (language, "en", "ru", *texts) if code in texts), language)
