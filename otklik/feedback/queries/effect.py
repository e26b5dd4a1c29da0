"""What leaving out people with an open ticket does to the score. Leaving the unhappy out flatters it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from otklik.feedback.models import Invitation, Response, Wave
from otklik.feedback.queries.layout import IN_THE_ROUND, Layout, left_out_for_tickets
from otklik.feedback.rules.vocabulary import LASTING, Refusal, ResponseStatus, SurveyKind
from otklik.stats.compare import mover
from otklik.stats.nps import counts_from_scores, nps, points
from otklik.stats.summary import TOO_FEW_ANSWERS

_YEAR = timedelta(days=365)


def effect_of(wave: Wave, layout: Layout, *, at: datetime) -> dict[str, Any] | None:
    """Of a wave that asks once. None where nobody is left out for an open ticket. ``points``: by how much the
    score comes out higher without them, from the last year's answers of those left out and of the others, and
    its interval; None where either gave fewer than five. Formula: docs/formulas/sampling.md."""
    left_out = _with_ticket(layout)
    return _effect(wave, left_out, len(left_out), len(layout.sample.chosen), at)


def effect_of_round(wave: Wave, layout: Layout, *, at: datetime) -> dict[str, Any] | None:
    """What a round of a rolling survey comes to, as things are today: everybody comes once in it."""
    left_out = _with_ticket(layout)
    lasting = sum(why in LASTING for why in layout.sample.left_out.values())
    asked = len(layout.people) - lasting - len(left_out)
    return _effect(wave, left_out, len(left_out), asked, at)


def effect_of_run(wave: Wave, *, at: datetime) -> dict[str, Any] | None:
    """Of a survey that asks day by day or after events, from its start on: of all whose turn came while they
    had an open ticket and was not made up for since. The share is one of turns, as people come again."""
    turns = list(left_out_for_tickets(wave).values_list("contact_id", flat=True))
    asked = Invitation.objects.filter(wave=wave, state__in=IN_THE_ROUND, picked_by=None).count()
    return _effect(wave, set(turns), len(turns), asked, at)


def _with_ticket(layout: Layout) -> set[int]:
    return {pk for pk, why in layout.sample.left_out.items() if why is Refusal.OPEN_TICKET}


def _effect(wave: Wave, left_out: set[int], turns: int, asked: int, at: datetime) -> dict[str, Any] | None:
    if not left_out:
        return None
    share = turns / (turns + asked)
    found: dict[str, Any] = {"people": len(left_out), "share": share, "points": None, "interval": None}
    if wave.survey.kind != SurveyKind.NPS:
        return found
    without, theirs = _scores(wave.program_id, left_out, at)
    found["answers"] = [len(theirs), len(without)]
    if min(len(theirs), len(without)) < TOO_FEW_ANSWERS:
        return found
    counts = np.array([counts_from_scores(theirs), counts_from_scores(without)])
    low, high = mover(counts[:1], counts[1:])[0]
    gap = float(nps(counts[1]) - nps(counts[0]))
    found["points"] = points(share * gap)
    found["interval"] = [points(share * float(low)), points(share * float(high))]
    return found


def _scores(program_id: int, left_out: set[int], at: datetime) -> tuple[list[int], list[int]]:
    """Of the others, and of those left out."""
    rows: Iterable[tuple[int | None, int]] = Response.objects.filter(
        program_id=program_id,
        kind=SurveyKind.NPS,
        status=ResponseStatus.COMPLETE,
        responded_at__gt=at - _YEAR,
        contact__isnull=False,
    ).values_list("contact_id", "score")
    sides: tuple[list[int], list[int]] = ([], [])
    for contact, score in rows:
        sides[contact in left_out].append(score)
    return sides
