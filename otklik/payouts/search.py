"""Money as something that staff find in the search of the whole house."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.identity.public import Right, User
from otklik.kit.registry import Text
from otklik.payouts.access import visible_holds, visible_payouts, visible_statements
from otklik.payouts.models import Hold, Payout, Statement
from otklik.payouts.operations.findable import HOLD, PAYOUT, STATEMENT, all_documents
from otklik.search.public import SearchKind, search_kinds

Rows = QuerySet[Payout] | QuerySet[Hold] | QuerySet[Statement]


def register() -> None:
    _add(PAYOUT, _("Payouts"), visible_payouts, 60)
    _add(HOLD, pgettext_lazy("found by the search", "Holds of payouts"), visible_holds, 61)
    _add(STATEMENT, _("Statements"), visible_statements, 62)


def _add(name: str, label: Text, visible: Callable[[User], Rows], order: int) -> None:
    def scope(user: User) -> Q:
        if user.may(Right.SEE_MONEY) and user.may(Right.SEE_ALL_PARTNERS):
            return Q()
        return Q(object_id__in=visible(user).values("pk"))

    search_kinds.add(
        SearchKind(
            name=name,
            label=label,
            scope=scope,
            links=lambda ids: {pk: reverse(name, args=[pk]) for pk in ids},
            documents=all_documents(name),
            right=Right.SEE_MONEY,
            order=order,
        )
    )
