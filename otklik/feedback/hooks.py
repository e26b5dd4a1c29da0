"""What erasing and merging people and partners do to their answers."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from otklik.analytics.public import facts_changed
from otklik.feedback.models import Response
from otklik.feedback.operations.responses import FACT_SOURCE
from otklik.kit.registry import ErasureHook, MergeHook


def erase(noun: str, ids: Sequence[int]) -> None:
    """Blank what was written and the key of the system it came from, which often holds an address.

    The score and its dimensions stay, tied to a contact or partner that no longer names anybody: figures
    that were told already do not move.
    """
    field = "contact_id__in" if noun == "contact" else "partner_id__in"
    Response.objects.filter(**{field: ids}).update(
        comment="",
        language="",
        source_key=Concat(Value("erased:"), Cast(F("pk"), CharField()), output_field=CharField()),
    )


def merge(noun: str, source_id: int, target_id: int) -> None:
    """Answers follow the person or the company; what was frozen on them stays as it was."""
    rows = Response.objects.filter(**{noun: source_id})
    if rows.update(**{noun: target_id}):
        facts_changed(FACT_SOURCE)


erasure = ErasureHook("feedback", erase, ("feedback.Response",))
merging = MergeHook("feedback", merge, ("feedback.Response",))
