"""What erasing and merging partners and people do to maps, tasks and plans."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Model, Q

from otklik.kit.registry import ErasureHook, MergeHook
from otklik.relationships.models import (
    AccountCheck,
    AccountPlan,
    CallToAction,
    ExpectedScore,
    InfluenceLine,
    OpeningFound,
    PlanAction,
    Review,
    SignOff,
    SilentPerson,
    Tie,
)
from otklik.relationships.rules.vocabulary import CallState


def erase(noun: str, ids: Sequence[int]) -> None:
    """Who knew whom goes, and every word of ours; that a task was raised and a score expected stays as a
    figure of the past, and names nobody."""
    theirs = Q(contact__partner_id__in=ids) if noun == "partner" else Q(contact_id__in=ids)
    Tie.objects.filter(theirs).delete()
    SilentPerson.objects.filter(theirs).delete()
    ends = ("source", "target")
    column = "{}__partner_id__in" if noun == "partner" else "{}_id__in"
    for end in ends:
        InfluenceLine.objects.filter(**{column.format(end): ids}).delete()
    calls = CallToAction.objects.filter(theirs)
    calls.update(note="")
    # Nobody is left to do it for; what an alert has taken up ends with that.
    calls.filter(state=CallState.OPEN, alert=None).update(state=CallState.DROPPED)
    if noun == "contact":
        _forget_asked(set(ids))
    PlanAction.objects.filter(theirs).update(text="")
    if noun == "partner":
        SignOff.objects.filter(partner_id__in=ids).update(dropped={})
        _forget_checks(ids)
        PlanAction.objects.filter(plan__partner_id__in=ids).update(text="")
        AccountPlan.objects.filter(partner_id__in=ids).update(text="", next_review_on=None)
        Review.objects.filter(partner_id__in=ids).update(words="")


def _forget_asked(gone: set[int]) -> None:
    """Who was left out, and why, is a word about somebody; how many were asked stays."""
    for row in SignOff.objects.filter(partner__contacts__in=gone).exclude(dropped={}).distinct():
        row.dropped = {pk: why for pk, why in row.dropped.items() if int(pk) not in gone}
        row.save(update_fields=["dropped"])


def merge(noun: str, source_id: int, target_id: int) -> None:
    if noun == "contact":
        _merge_people(source_id, target_id)
        return
    _move_new(SignOff, "partner_id", "wave_id", source_id, target_id)
    _move_new(Review, "partner_id", "quarter", source_id, target_id)
    CallToAction.objects.filter(partner_id=source_id).update(partner_id=target_id)
    SilentPerson.objects.filter(partner_id=source_id).update(partner_id=target_id)
    # The next check looks at both as one.
    _forget_checks([source_id, target_id])
    _merge_plans(source_id, target_id)


def _forget_checks(partner_ids: Sequence[int]) -> None:
    AccountCheck.objects.filter(partner_id__in=partner_ids).delete()
    OpeningFound.objects.filter(partner_id__in=partner_ids).delete()


def _merge_people(source_id: int, target_id: int) -> None:
    SilentPerson.objects.filter(contact_id=source_id).delete()
    _keep_later_ties(source_id, target_id)
    _move_new(Tie, "contact_id", "user_id", source_id, target_id)
    both = (source_id, target_id)
    InfluenceLine.objects.filter(source_id__in=both, target_id__in=both).delete()
    _move_new(InfluenceLine, "source_id", "target_id", source_id, target_id)
    _move_new(InfluenceLine, "target_id", "source_id", source_id, target_id)
    for model, apart in ((ExpectedScore, ("wave_id", "user_id")), (CallToAction, ("wave_id", "kind"))):
        taken = set(model._default_manager.filter(contact_id=target_id).values_list(*apart))
        rows = model._default_manager.filter(contact_id=source_id).values_list("pk", *apart)
        model._default_manager.filter(pk__in=[pk for pk, *key in rows if tuple(key) in taken]).delete()
        model._default_manager.filter(contact_id=source_id).update(contact_id=target_id)
    PlanAction.objects.filter(contact_id=source_id).update(contact_id=target_id)
    for row in SignOff.objects.filter(partner__contacts__in=(source_id, target_id)).distinct():
        _one_of_two(row, source_id, target_id)


def _one_of_two(row: SignOff, source_id: int, target_id: int) -> None:
    """Whoever was asked under one of two names was asked."""
    asked = {source_id, target_id} & set(row.people)
    whys = [why for pk in (target_id, source_id) if (why := row.dropped.pop(str(pk), None))]
    row.people = sorted(set(row.people) - {source_id} | ({target_id} if asked else set()))
    if whys and not asked:
        row.dropped[str(target_id)] = whys[0]
    row.save(update_fields=["people", "dropped"])


def _keep_later_ties(source_id: int, target_id: int) -> None:
    """Of two statements about the same two people the later one holds."""
    kept = {tie.user_id: tie for tie in Tie.objects.filter(contact_id=target_id)}
    for tie in Tie.objects.filter(contact_id=source_id, user_id__in=kept):
        if tie.stated_at > kept[tie.user_id].stated_at:
            kept[tie.user_id].delete()


def _merge_plans(source_id: int, target_id: int) -> None:
    """One plan stays, with the text and the actions of both."""
    theirs = AccountPlan.objects.filter(partner_id=source_id).first()
    if theirs is None:
        return
    kept = AccountPlan.objects.filter(partner_id=target_id).first()
    if kept is None:
        AccountPlan.objects.filter(pk=theirs.pk).update(partner_id=target_id)
        return
    kept.text = "\n\n".join(text for text in (kept.text, theirs.text) if text)
    days = [day for day in (kept.next_review_on, theirs.next_review_on) if day]
    kept.next_review_on = min(days, default=None)
    kept.version += 1
    kept.save()
    PlanAction.objects.filter(plan=theirs).update(plan=kept)
    theirs.delete()


def _move_new(model: type[Model], column: str, about: str, source_id: int, target_id: int) -> None:
    """Rows of the source become the target's, but where it has one about the same already."""
    rows = model._default_manager
    taken = list(rows.filter(**{column: target_id}).values_list(about, flat=True))
    rows.filter(**{column: source_id, f"{about}__in": taken}).delete()
    rows.filter(**{column: source_id}).update(**{column: target_id})


_MODELS = (
    "relationships.AccountCheck",
    "relationships.AccountPlan",
    "relationships.CallToAction",
    "relationships.ExpectedScore",
    "relationships.InfluenceLine",
    "relationships.OpeningFound",
    "relationships.PlanAction",
    "relationships.Review",
    "relationships.SignOff",
    "relationships.SilentPerson",
    "relationships.Tie",
)
erasure = ErasureHook("relationships", erase, _MODELS)
merging = MergeHook("relationships", merge, _MODELS)
