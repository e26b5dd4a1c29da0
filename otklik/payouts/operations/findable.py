"""What payouts, holds and statements are found by in the search of the whole house."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model

from otklik.kit.chunks import in_chunks
from otklik.payouts.models import Hold, Payout, Statement
from otklik.payouts.operations.amounts import told
from otklik.search.public import NewDocument, forget, put

PAYOUT, HOLD, STATEMENT = "payout", "hold", "statement"
CHUNK = 500


def make_findable(kind: str, ids: Collection[int], *, at: datetime) -> None:
    """Or renew what they are found by. Of a partner that was erased nothing is."""
    for part in in_chunks(sorted(set(ids)), CHUNK):
        put(_documents(kind, part), at=at)


def make_all_findable(*, at: datetime) -> None:
    for kind in _MODELS:
        for documents in all_documents(kind)():
            put(documents, at=at)


def renew_partners(partner_ids: Collection[int], *, at: datetime) -> None:
    """Their name or number is another one by now."""
    for kind in _MODELS:
        make_findable(kind, _ids_of(kind, partner_ids), at=at)


def forget_partners(partner_ids: Collection[int]) -> None:
    for kind in _MODELS:
        if ids := _ids_of(kind, partner_ids):
            forget(kind, ids)


def all_documents(kind: str) -> Callable[[], Iterator[Sequence[NewDocument]]]:
    def documents() -> Iterator[Sequence[NewDocument]]:
        ids = _MODELS[kind]._default_manager.order_by("pk").values_list("pk", flat=True)
        for part in in_chunks(ids.iterator(), CHUNK):
            yield _documents(kind, part)

    return documents


def _ids_of(kind: str, partner_ids: Collection[int]) -> list[int]:
    rows = _MODELS[kind]._default_manager.filter(partner_id__in=partner_ids)
    return list(rows.values_list("pk", flat=True))


def _documents(kind: str, ids: Sequence[int]) -> list[NewDocument]:
    """One query. Partners are found by their name and number here too: whose payout it is comes first to
    mind."""
    rows = _MODELS[kind]._default_manager.filter(pk__in=ids, partner__erased_at=None)
    return [_DRAWN[kind](row) for row in rows.select_related("partner")]


def _payout(row: Any) -> NewDocument:
    return NewDocument(
        PAYOUT,
        row.pk,
        title=f"{row.partner.name}: {told(row.amount, row.currency)} {row.currency}",
        texts=[str(row.pk), row.reference, row.source_key, row.partner.external_id],
        program_id=row.program_id,
        note=" · ".join(part for part in (f"№ {row.pk}", row.expected_on.isoformat(), row.reference) if part),
    )


def _hold(row: Any) -> NewDocument:
    return NewDocument(
        HOLD,
        row.pk,
        title=f"{row.partner.name}: {told(row.amount, row.currency)} {row.currency}",
        texts=[str(row.pk), row.checking, row.partner.external_id],
        program_id=row.partner.program_id,
        note=f"№ {row.pk} · {row.decide_by.isoformat()}",
    )


def _statement(row: Any) -> NewDocument:
    return NewDocument(
        STATEMENT,
        row.pk,
        title=row.number,
        texts=[row.partner.name, row.partner.external_id],
        program_id=row.program_id,
        note=row.partner.name,
    )


_MODELS: Mapping[str, type[Model]] = {PAYOUT: Payout, HOLD: Hold, STATEMENT: Statement}
_DRAWN: Mapping[str, Callable[[Any], NewDocument]] = {PAYOUT: _payout, HOLD: _hold, STATEMENT: _statement}
