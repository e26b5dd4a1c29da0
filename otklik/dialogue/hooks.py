"""What erasing and merging partners and people do to what both sides said."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model, Q

from otklik.dialogue.models import (
    Addressee,
    Announcement,
    AnnouncementQuestion,
    Application,
    Commitment,
    Goal,
    Idea,
    NoNewsMails,
    Onboarding,
    OnboardingStep,
    Vote,
)
from otklik.dialogue.operations.applications import blank_applications
from otklik.dialogue.search import KIND as IDEA
from otklik.kit.registry import ErasureHook, MergeHook
from otklik.search.public import forget


def erase(noun: str, ids: Sequence[int]) -> None:
    """What they wrote goes; that somebody read, voted or kept a promise stays, and names nobody."""
    theirs = Q(**{f"{noun}_id__in": ids})
    if noun == "contact":
        NoNewsMails.objects.filter(theirs).delete()
    else:
        Goal.objects.filter(theirs).update(text="", measure="", target="", reason="")
        Commitment.objects.filter(theirs).update(text="", note="")
    ideas = Idea.objects.filter(theirs)
    if gone := list(ideas.values_list("pk", flat=True)):
        forget(IDEA, gone)
    ideas.update(title="", text="", language="", moderation="hidden")
    # Staff wrote these words anew for everybody, but from a question that was theirs.
    AnnouncementQuestion.objects.filter(theirs).update(shown_question="", shown_answer="", shown_at=None)
    blank_applications(list(Application.objects.filter(theirs).values_list("pk", flat=True)))


def merge(noun: str, source_id: int, target_id: int) -> None:
    if noun == "contact":
        _merge_people(source_id, target_id)
        return
    for one in (Addressee, AnnouncementQuestion, Application, Commitment, Goal, Idea, Vote):
        _move(one, "partner_id", source_id, target_id)
    if Onboarding.objects.filter(partner_id=target_id).exists():
        Onboarding.objects.filter(partner_id=source_id).delete()
    else:
        Onboarding.objects.filter(partner_id=source_id).update(partner_id=target_id)
    _rename_in_audiences(source_id, target_id)


def _merge_people(source_id: int, target_id: int) -> None:
    for model, about in ((Addressee, "announcement_id"), (Vote, "idea_id")):
        taken = model._default_manager.filter(contact_id=target_id).values_list(about, flat=True)
        doubles = model._default_manager.filter(contact_id=source_id, **{f"{about}__in": list(taken)})
        if model is Addressee:
            _keep_what_was_read(list(doubles.values_list("pk", flat=True)), target_id)
        doubles.delete()
        _move(model, "contact_id", source_id, target_id)
    for other in (AnnouncementQuestion, Application, Commitment, Goal, Idea):
        _move(other, "contact_id", source_id, target_id)
    _move(OnboardingStep, "done_by_contact_id", source_id, target_id)
    if NoNewsMails.objects.filter(contact_id=target_id).exists():
        NoNewsMails.objects.filter(contact_id=source_id).delete()
    else:
        # Who refused mails under either name refused them.
        _move(NoNewsMails, "contact_id", source_id, target_id)


def _keep_what_was_read(doubles: Sequence[int], target_id: int) -> None:
    """One of two rows stays: with the first time that either was read and acknowledged."""
    for double in Addressee.objects.filter(pk__in=doubles):
        kept = Addressee.objects.get(announcement_id=double.announcement_id, contact_id=target_id)
        for name in ("mailed_at", "read_at", "acknowledged_at", "reminded_at"):
            moments = [moment for moment in (getattr(kept, name), getattr(double, name)) if moment]
            setattr(kept, name, min(moments, default=None))
        kept.save()


def _rename_in_audiences(source_id: int, target_id: int) -> None:
    """Drafts that name the partner that is no more."""
    for draft in Announcement.objects.filter(state="draft"):
        named = draft.audience.get("partners", [])
        if source_id in named:
            draft.audience["partners"] = sorted({*named, target_id} - {source_id})
            draft.save(update_fields=["audience"])


def _move(model: type[Model], column: str, source_id: int, target_id: int) -> None:
    model._default_manager.filter(**{column: source_id}).update(**{column: target_id})


_MODELS = (
    "dialogue.Addressee",
    "dialogue.AnnouncementQuestion",
    "dialogue.Application",
    "dialogue.Commitment",
    "dialogue.Goal",
    "dialogue.Idea",
    "dialogue.NoNewsMails",
    "dialogue.Onboarding",
    "dialogue.OnboardingStep",
    "dialogue.Vote",
)
erasure = ErasureHook("dialogue", erase, _MODELS)
merging = MergeHook("dialogue", merge, _MODELS)
