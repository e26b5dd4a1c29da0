"""Who may own alerts, read once for many of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from otklik.identity.public import Right, Role, holders_of, staff_with
from otklik.loop.access import FOLLOWS_UP
from otklik.loop.models import Alert, AlertRule
from otklik.loop.rules.owners import Staff
from otklik.partners.public import Program


@dataclass(frozen=True, slots=True)
class House:
    """Active staff who follow up, by what they see; leads by team."""

    able: frozenset[int]
    see_all: frozenset[int]
    open_programs: frozenset[int]
    leads: dict[int, tuple[int, ...]]
    heads: tuple[int, ...]
    administrators: tuple[int, ...]

    def staff_for(self, rule: AlertRule, manager_id: int | None) -> Staff:
        """For a partner of this manager in the rule's program; None: without one, or no partner at all."""
        able = self.see_all
        if rule.program_id in self.open_programs:
            able = self.able
        elif manager_id in self.able:
            able = able | {manager_id}
        return Staff(
            able=able,
            manager_id=manager_id,
            named_id=rule.owner_id,
            team_leads=self.leads.get(rule.team_id or 0, ()),
            fallback_id=rule.fallback_id,
            heads=self.heads,
            administrators=self.administrators,
        )


def house(teams: Collection[int | None]) -> House:
    """``teams``: those whose leads are wanted. Six queries."""
    wanted = {pk for pk in teams if pk is not None}
    leads: dict[int, tuple[int, ...]] = {}
    if wanted:
        rows = holders_of(Role.LEAD).filter(teams__in=wanted).values_list("teams", "pk")
        for team, user_id in rows:
            if team in wanted:
                leads[team] = (*leads.get(team, ()), user_id)
    return House(
        able=frozenset(staff_with(FOLLOWS_UP)),
        see_all=frozenset(staff_with({*FOLLOWS_UP, Right.SEE_ALL_PARTNERS})),
        open_programs=frozenset(
            Program.objects.filter(managers_see_own_only=False).values_list("pk", flat=True)
        ),
        leads=leads,
        heads=tuple(holders_of(Role.HEAD).values_list("pk", flat=True)),
        administrators=tuple(holders_of(Role.ADMINISTRATOR).values_list("pk", flat=True)),
    )


def able_to_own(alert: Alert) -> frozenset[int]:
    """Who may be given this alert. Asks for its rule and partner: select them with it."""
    manager = alert.partner.manager_id if alert.partner is not None else None
    return house(()).staff_for(alert.rule, manager).able
