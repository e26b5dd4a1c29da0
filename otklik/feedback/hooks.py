"""What erasing and merging people and partners do to their answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from otklik.feedback.models import (
    AnswerTrace,
    CommentReading,
    CommentSummary,
    Interview,
    InterviewQuote,
    Invitation,
    Mention,
    Objection,
    Response,
)
from otklik.feedback.operations.noting import note_answers
from otklik.feedback.rules.vocabulary import InvitationState, Refusal
from otklik.kit.registry import ErasureHook, MergeHook


def erase(noun: str, ids: Sequence[int]) -> None:
    """Blank what was written, the addresses it went to, and the key of the system it came from, which often
    holds one.

    The score and its dimensions stay, tied to a contact or partner that no longer names anybody: figures
    that were told already do not move.
    """
    field = "contact_id__in" if noun == "contact" else "partner_id__in"
    Response.objects.filter(**{field: ids}).update(
        comment="",
        answers={},
        language="",
        source_key=Concat(Value("erased:"), Cast(F("pk"), CharField()), output_field=CharField()),
    )
    AnswerTrace.objects.filter(**{f"response__{field}": ids}).delete()
    CommentReading.objects.filter(**{f"response__{field}": ids}).delete()
    # Any of them may tell in other words what was written here.
    CommentSummary.objects.all().delete()
    invitations = Invitation.objects.filter(**{field: ids})
    invitations.update(address="", time_zone="", remind_at=None)
    # It would wait for ever, and stand among what is still to be sent.
    invitations.filter(state=InvitationState.PLANNED).update(state=InvitationState.WITHDRAWN)
    # A mail server's refusal names the address; our own words for why somebody was left out do not.
    invitations.exclude(reason__in=list(Refusal)).update(reason="")
    InterviewQuote.objects.filter(**{f"interview__{field}": ids}).delete()
    Interview.objects.filter(**{field: ids}).update(notes={}, words="")
    if noun == "contact":
        Objection.objects.filter(contact_id__in=ids).update(address="", contact=None, lifted_because="")
    else:
        # The key stays, a hash: the feed must not bring back what was taken out.
        Mention.objects.filter(suggested_id__in=ids).update(suggested=None)
        Mention.objects.filter(partner_id__in=ids).update(author="", url="", title="", text="")


def merge(noun: str, source_id: int, target_id: int) -> None:
    """Answers follow the person or the company; what was frozen on them stays as it was."""
    Invitation.objects.filter(**{noun: source_id}).update(**{noun: target_id})
    if noun == "contact":
        Objection.objects.filter(contact_id=source_id).update(contact_id=target_id)
    else:
        Mention.objects.filter(partner_id=source_id).update(partner_id=target_id)
        Mention.objects.filter(suggested_id=source_id).update(suggested_id=target_id)
    Interview.objects.filter(**{noun: source_id}).update(**{noun: target_id})
    rows = Response.objects.filter(**{noun: source_id})
    note_answers(list(rows.values_list("pk", flat=True)))
    rows.update(**{noun: target_id})


_MODELS = (
    "feedback.Response",
    "feedback.Invitation",
    "feedback.Objection",
    "feedback.Interview",
    "feedback.Mention",
)
erasure = ErasureHook("feedback", erase, _MODELS)
merging = MergeHook("feedback", merge, _MODELS)
