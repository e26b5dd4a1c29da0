"""Everything about money that names one person, for their own export."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from otklik.payouts.models import AccountDetails, PartnerReport, PayoutRequest
from otklik.payouts.operations.amounts import told


def personal_data(contact_id: int) -> dict[str, list[dict[str, Any]]]:
    """Lists of plain values by what they are of; moments as ISO 8601. Balances and payouts are the
    company's, not the person's."""
    asked = PayoutRequest.objects.filter(asked_by_contact_id=contact_id).order_by("pk")
    details = AccountDetails.objects.filter(asked_by_contact_id=contact_id).order_by("pk")
    reports = PartnerReport.objects.filter(uploaded_by_contact_id=contact_id).order_by("pk")
    return {
        "payouts_asked_for": [
            {
                "currency": row.currency,
                "amount": None if row.amount is None else told(row.amount, row.currency),
                "state": row.state,
                "created_at": row.created_at.isoformat(),
                "decided_at": _moment(row.decided_at),
            }
            for row in asked
        ],
        "account_details_sent": [
            {
                "method": row.method,
                "holder": row.holder.reveal(),
                "account": row.account.reveal(),
                "state": row.state,
                "proposed_at": row.proposed_at.isoformat(),
            }
            for row in details
        ],
        "figures_uploaded": [
            {
                "currency": row.currency,
                "start": row.start.isoformat(),
                "end": row.end.isoformat(),
                "uploaded_at": row.uploaded_at.isoformat(),
            }
            for row in reports
        ],
    }


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
