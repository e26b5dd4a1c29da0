"""The guard of anonymous links: one device counts once in 30 days, and one network cannot pour answers in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count

from otklik.feedback.models import AnswerTrace
from otklik.feedback.operations.answer_ground import Ground
from otklik.feedback.operations.traces import KEPT_FOR, scrambled_lately

if TYPE_CHECKING:
    from otklik.feedback.operations.answering import GivenAnswer

# An office or a hall behind one address may answer; a program that invents people is stopped.
MOST_AN_HOUR = 300
_HOUR = timedelta(hours=1)


@dataclass(slots=True)
class Doubles:
    """Keys under which a device answered a survey lately, and answers by network within the hour; those of
    this chunk come in as they are asked about."""

    devices: dict[tuple[int, str], str] = field(default_factory=dict)
    networks: Counter[tuple[int, str]] = field(default_factory=Counter)

    def is_double(self, given: GivenAnswer, survey_id: int) -> bool:
        """Whoever is asked about is remembered."""
        hashes = scrambled_lately(given.device, given.at)
        keys = {self.devices.get((survey_id, one), given.key) for one in hashes}
        for one in hashes[:1]:
            self.devices.setdefault((survey_id, one), given.key)
        return bool(keys - {given.key})

    def is_too_many(self, given: GivenAnswer, survey_id: int) -> bool:
        """Counts this one."""
        hashes = scrambled_lately(given.network, given.at)
        for one in hashes[:1]:
            self.networks[survey_id, one] += 1
        return sum(self.networks[survey_id, one] for one in hashes) > MOST_AN_HOUR


def find_doubles(given: Sequence[GivenAnswer], ground: Ground) -> Doubles:
    """Two statements, and none where nobody answers at a link."""
    found = Doubles()
    if not given:
        return found
    surveys = {link.survey_id for link in ground.links.values()}
    devices = {one for answer in given for one in scrambled_lately(answer.device, answer.at)}
    networks = {one for answer in given for one in scrambled_lately(answer.network, answer.at)}
    until = max(answer.at for answer in given)
    kept = AnswerTrace.objects.filter(response__link__survey_id__in=surveys)
    rows = kept.filter(device__in=devices, at__gt=until - KEPT_FOR).order_by("-at")
    for survey, device, key in rows.values_list(
        "response__link__survey_id", "device", "response__source_key"
    ):
        # The oldest comes last and stays: it is the one that counts.
        found.devices[survey, device] = key
    counted = kept.filter(network__in=networks, at__gt=until - _HOUR).order_by()
    for survey, network, amount in counted.values_list("response__link__survey_id", "network").annotate(
        Count("pk")
    ):
        found.networks[survey, network] = amount
    return found
