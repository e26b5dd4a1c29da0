"""Ideas of partners: written, voted for, moderated, answered, merged, done."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.dialogue.models import Idea, ProgramManners, Vote
from otklik.dialogue.operations.once import made_once, own_key
from otklik.dialogue.operations.sides import user_of
from otklik.dialogue.rules.vocabulary import IdeaState, Moderation
from otklik.events.public import Actor, Origin, Subject, record
from otklik.kit.bulk import insert_missing
from otklik.partners.public import Contact

_VOTE = ("idea_id", "contact_id", "partner_id", "created_at")


class CannotVote(Exception):
    """The idea is of another program, hidden, merged into another one, or decided already."""


class ReasonWanted(Exception):
    """Partners read why an idea is declined, and what was done of one that is done."""


class CannotMergeIdeas(Exception):
    """Into itself, into one that was merged away, or of another program."""


@transaction.atomic
def write_idea(
    *,
    contact: Contact,
    title: str,
    text: str,
    language: str,
    topic_id: int | None = None,
    key: str = "",
    by: Actor,
    at: datetime,
) -> Idea:
    """Its author votes for it. Where the program moderates, others see it once somebody has looked."""
    partner = contact.partner
    manners = ProgramManners.objects.filter(program_id=partner.program_id).first()
    moderates = manners.moderates_ideas if manners is not None else True
    made_by = own_key(by, key)

    def make() -> Idea:
        return Idea.objects.create(
            program_id=partner.program_id,
            partner=partner,
            contact=contact,
            topic_id=topic_id,
            title=title.strip(),
            text=text.strip(),
            language=language,
            moderation=Moderation.WAITING if moderates else Moderation.SHOWN,
            created_at=at,
            key=made_by,
        )

    idea, is_new = made_once(Idea, made_by, make)
    if is_new:
        Vote.objects.create(idea=idea, partner=partner, contact=contact, created_at=at)
        _tell("idea.written", idea, by, at, of_author=True)
    return idea


@transaction.atomic
def vote(*, idea_id: int, contact: Contact, wants: bool, by: Actor, at: datetime) -> Idea:
    """One a person, however often they press. Raises CannotVote, Idea.DoesNotExist."""
    idea = Idea.objects.get(pk=idea_id)
    may = (
        idea.program_id == contact.partner.program_id
        and idea.moderation == Moderation.SHOWN
        and idea.merged_into_id is None
        and idea.state not in (IdeaState.DONE, IdeaState.DECLINED)
    )
    if not may:
        raise CannotVote(idea_id)
    if wants:
        changed = bool(insert_missing(Vote, _VOTE, [(idea.pk, contact.pk, contact.partner_id, at)]))
    else:
        changed = bool(Vote.objects.filter(idea=idea, contact=contact).delete()[0])
    if changed:
        subjects = [
            Subject("idea", idea.pk),
            Subject("partner", contact.partner_id),
            Subject("contact", contact.pk),
        ]
        record("idea.voted" if wants else "idea.vote_withdrawn", by=by, at=at, subjects=subjects)
    return idea


@transaction.atomic
def moderate_idea(*, idea_id: int, shown: bool, by: Actor, at: datetime) -> Idea:
    """Raises Idea.DoesNotExist."""
    idea = _locked(idea_id)
    moderation = Moderation.SHOWN if shown else Moderation.HIDDEN
    if idea.moderation == moderation:
        return idea
    idea.moderation = moderation
    idea.save(update_fields=["moderation"])
    _tell(f"idea.{moderation}", idea, by, at)
    return idea


@transaction.atomic
def set_idea_state(
    *, idea_id: int, state: IdeaState, reason: str = "", outcome: str = "", by: Actor, at: datetime
) -> Idea:
    """``reason``: what partners read beside the state; ``outcome``: what was done. Raises ReasonWanted,
    CannotMergeIdeas for one that was merged away, Idea.DoesNotExist."""
    idea = _locked(idea_id)
    if idea.merged_into_id is not None:
        raise CannotMergeIdeas(idea_id)
    if (state is IdeaState.DECLINED and not reason.strip()) or (
        state is IdeaState.DONE and not outcome.strip()
    ):
        raise ReasonWanted(state)
    before = idea.state
    idea.set_state(state, reason=reason.strip(), outcome=outcome.strip(), at=at)
    if by.origin is Origin.DEMO:
        # Its people are nobody's: there is nobody to tell.
        idea.told_at = at
    idea.save()
    _tell("idea.state_changed", idea, by, at, data={"from": str(before), "to": str(state)})
    return idea


@transaction.atomic
def reply_to_idea(*, idea_id: int, reply: str, by: Actor, at: datetime) -> Idea:
    """The program's word, for everybody who sees the idea; an empty one takes it back."""
    idea = _locked(idea_id)
    idea.reply, idea.replied_by_id, idea.replied_at = reply.strip(), user_of(by), at
    idea.save(update_fields=["reply", "replied_by", "replied_at"])
    _tell("idea.replied", idea, by, at)
    return idea


@transaction.atomic
def merge_ideas(*, idea_id: int, into_id: int, by: Actor, at: datetime) -> Idea:
    """Its voters count for the other one, each once. Raises CannotMergeIdeas, Idea.DoesNotExist."""
    rows = {
        row.pk: row
        for row in Idea.objects.select_for_update(of=("self",))
        .filter(pk__in=[idea_id, into_id])
        .order_by("pk")
    }
    if not {idea_id, into_id} <= rows.keys():
        raise Idea.DoesNotExist
    idea, into = rows[idea_id], rows[into_id]
    if idea.pk == into.pk or idea.program_id != into.program_id or into.merged_into_id or idea.merged_into_id:
        raise CannotMergeIdeas(idea_id)
    votes = Vote.objects.filter(idea=idea).order_by("pk")
    moved = [(into.pk, v.contact_id, v.partner_id, v.created_at) for v in votes]
    insert_missing(Vote, _VOTE, moved)
    votes.delete()
    idea.merged_into = into
    idea.save(update_fields=["merged_into"])
    Idea.objects.filter(merged_into=idea).update(merged_into=into)
    _tell("idea.merged", idea, by, at, data={"into": into.pk})
    return into


def _locked(idea_id: int) -> Idea:
    return Idea.objects.select_for_update(of=("self",)).get(pk=idea_id)


def _tell(
    kind: str,
    idea: Idea,
    by: Actor,
    at: datetime,
    *,
    of_author: bool = False,
    data: dict[str, object] | None = None,
) -> None:
    subjects = [Subject("idea", idea.pk), Subject("partner", idea.partner_id)]
    if of_author:
        subjects.append(Subject("contact", idea.contact_id))
    record(kind, by=by, at=at, subjects=subjects, data=data or {})
