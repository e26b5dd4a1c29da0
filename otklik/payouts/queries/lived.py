"""What partners lived through with their money, of many partners at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from otklik.events.public import histories
from otklik.kit.among import Among
from otklik.payouts.models import Hold, Payout
from otklik.payouts.rules.delay import Awaited, late_from
from otklik.payouts.rules.vocabulary import PayoutState

_WENT_WRONG = ("payout.failed", "payout.returned")
_CANCELLED = "payout.cancelled"
_ENDED = (PayoutState.FAILED, PayoutState.RETURNED, PayoutState.CANCELLED)


@dataclass(frozen=True, slots=True)
class LivedMoney:
    """``held``: from when until when a part was held, None: it still is. ``went_wrong``: of every payout that
    did not come on the day told first, when it first went wrong: the beginning (UTC) of the first day that
    counts as late, or the moment we knew that it failed or came back."""

    held: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    went_wrong: list[datetime] = field(default_factory=list)


def money_lived_through(partner_ids: Collection[int], *, until: datetime) -> dict[int, LivedMoney]:
    """By partner, what began at or before ``until``; later ends are told as well. Three queries; hand over
    some hundreds of partners at a time."""
    found: dict[int, LivedMoney] = defaultdict(LivedMoney)
    holds = Hold.objects.filter(partner_id__in=Among(partner_ids), opened_at__lte=until)
    for partner, since, ended in holds.values_list("partner_id", "opened_at", "decided_at"):
        found[partner].held.append((since, ended))
    for partner, moment in _went_wrong(partner_ids):
        if moment <= until:
            found[partner].went_wrong.append(moment)
    return found


def _went_wrong(partner_ids: Collection[int]) -> Iterator[tuple[int, datetime]]:
    payouts = list(Payout.objects.filter(partner_id__in=Among(partner_ids)))
    ends = _ends(payout.pk for payout in payouts if payout.state in _ENDED)
    for payout in payouts:
        moments = [at for kind, at in ends.get(payout.pk, ()) if kind in _WENT_WRONG]
        called_off = [at for kind, at in ends.get(payout.pk, ()) if kind == _CANCELLED]
        late = _late_since(payout)
        if late is not None and not (payout.state == PayoutState.CANCELLED and _before(late, called_off)):
            moments.append(late)
        if moments:
            yield payout.partner_id, min(moments)


def _before(late: datetime, called_off: list[datetime]) -> bool:
    """Whether it was called off before it was late; one whose end nobody knows was not awaited."""
    return not called_off or min(called_off) <= late


def _ends(payouts: Iterator[int]) -> Mapping[int, list[tuple[str, datetime]]]:
    found: dict[int, list[tuple[str, datetime]]] = defaultdict(list)
    for line in histories("payout", payouts, kinds=(*_WENT_WRONG, _CANCELLED)):
        found[line.object_id].append((line.kind, line.happened_at))
    return found


def _late_since(payout: Payout) -> datetime | None:
    """By the day the partner was told first: moving it later makes nobody's money come sooner."""
    awaited = Awaited(
        key=payout.pk,
        state=PayoutState(payout.state),
        expected_on=payout.original_expected_on,
        original_expected_on=payout.original_expected_on,
        notice_days=0,
        sent_on=payout.sent_at.date() if payout.sent_at else None,
    )
    day = late_from(awaited, payout.paid_on)
    return None if day == date.max else datetime.combine(day, time(), UTC)
