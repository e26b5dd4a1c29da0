"""What roles, rights and the log's entries are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.identity.rules.roles import Right, Role

ROLE_LABELS: dict[Role, Promise] = {
    Role.ADMINISTRATOR: _("Administrator"),
    Role.HEAD: _("Head of the partner program"),
    Role.LEAD: _("Support lead"),
    Role.AGENT: _("Support agent"),
    Role.ACCOUNT_MANAGER: _("Account manager"),
    Role.QA_REVIEWER: _("QA reviewer"),
    Role.TRAFFIC_OFFICER: _("Traffic officer"),
    Role.FINANCE: _("Finance"),
    Role.ANALYST: _("Analyst (read only)"),
}

ROLE_HINTS: dict[Role, Promise] = {
    Role.ADMINISTRATOR: _("Everything, including staff, tokens and erasure of personal data"),
    Role.HEAD: _(
        "All partners, tickets, answers, revenue and payouts; imports, programs and the set-up of the desk"
    ),
    Role.LEAD: _("All partners, tickets and answers; sets up the desk, may change partners and export"),
    Role.AGENT: _("Answers tickets; all partners and answers"),
    Role.ACCOUNT_MANAGER: _(
        "Own partners (or all, where the program allows it) with tickets, answers, revenue and payouts"
    ),
    Role.QA_REVIEWER: _("Reads all partners, tickets and answers"),
    Role.TRAFFIC_OFFICER: _("All partners, questions asked to their team; no answers"),
    Role.FINANCE: _("All partners, revenue and payouts, questions asked to their team; no answers"),
    Role.ANALYST: _("Sees and exports everything, changes nothing"),
}

RIGHT_LABELS: dict[Right, Promise] = {
    Right.SEE_PARTNERS: _("see partners"),
    Right.EDIT_PARTNERS: _("change partners"),
    Right.SEE_ALL_PARTNERS: _("see all partners"),
    Right.SEE_REVENUE: _("see revenue"),
    Right.SEE_MONEY: _("see balances and payouts"),
    Right.EDIT_MONEY: _("change balances and payouts"),
    Right.APPROVE_MONEY: _("approve payouts"),
    Right.EDIT_ARTICLES: _("write articles"),
    Right.RUN_DIALOGUE: _("lead the dialogue with partners"),
    Right.VET_APPLICATIONS: _("decide on applications"),
    Right.MANAGE_PORTAL: _("set up the partners' portal"),
    Right.MANAGE_ANSWERS: _("manage automatic answers"),
    Right.SEE_FEEDBACK: _("see answers and scores"),
    Right.RUN_SURVEYS: _("build and send surveys"),
    Right.SEE_TICKETS: _("see tickets that concern them"),
    Right.SEE_PARTNER_TICKETS: _("see tickets of their partners"),
    Right.SEE_ALL_TICKETS: _("see all tickets"),
    Right.ANSWER_TICKETS: _("answer tickets"),
    Right.MANAGE_DESK: _("set up the support desk"),
    Right.IMPORT: _("import data"),
    Right.EXPORT: _("export data"),
    Right.ERASE: _("erase personal data"),
    Right.ERASE_CUSTOMERS: _("erase end customers' data"),
    Right.MANAGE_STAFF: _("manage staff"),
    Right.MANAGE_PROGRAMS: _("manage programs"),
    Right.MANAGE_TOKENS: _("manage API tokens"),
    Right.SEE_OPERATIONS: _("see operations"),
}

EVENT_LABELS: dict[str, Promise] = {
    "user.created": _("Added"),
    "user.changed": _("Details changed"),
    "user.deactivated": _("Deactivated"),
    "user.reactivated": _("Activated again"),
    "user.invited": _("Invitation made"),
    "role.granted": _("Role given"),
    "role.revoked": _("Role taken away"),
}


def role_choices() -> list[tuple[str, Promise]]:
    return [(role.value, label) for role, label in ROLE_LABELS.items()]
