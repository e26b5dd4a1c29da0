"""Roles, rights, and which role has which right. One readable table; nothing else decides."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    HEAD = "head"
    LEAD = "lead"
    AGENT = "agent"
    ACCOUNT_MANAGER = "account_manager"
    QA_REVIEWER = "qa_reviewer"
    TRAFFIC_OFFICER = "traffic_officer"
    FINANCE = "finance"
    ANALYST = "analyst"


class Right(StrEnum):
    SEE_PARTNERS = "see_partners"
    EDIT_PARTNERS = "edit_partners"
    SEE_ALL_PARTNERS = "see_all_partners"
    SEE_REVENUE = "see_revenue"
    SEE_MONEY = "see_money"
    EDIT_MONEY = "edit_money"
    APPROVE_MONEY = "approve_money"
    SEE_FEEDBACK = "see_feedback"
    RUN_SURVEYS = "run_surveys"
    SEE_TICKETS = "see_tickets"
    SEE_PARTNER_TICKETS = "see_partner_tickets"
    SEE_ALL_TICKETS = "see_all_tickets"
    ANSWER_TICKETS = "answer_tickets"
    MANAGE_DESK = "manage_desk"
    IMPORT = "import"
    EXPORT = "export"
    EDIT_ARTICLES = "edit_articles"
    RUN_DIALOGUE = "run_dialogue"
    VET_APPLICATIONS = "vet_applications"
    MANAGE_PORTAL = "manage_portal"
    MANAGE_ANSWERS = "manage_answers"
    ERASE = "erase"
    ERASE_CUSTOMERS = "erase_customers"
    MANAGE_STAFF = "manage_staff"
    MANAGE_PROGRAMS = "manage_programs"
    MANAGE_TOKENS = "manage_tokens"
    SEE_OPERATIONS = "see_operations"


_READERS = {Right.SEE_PARTNERS, Right.SEE_FEEDBACK}
# Nobody alone: what one of them calculated or proposed another approves (payouts).
_PAYERS = {Right.SEE_MONEY, Right.EDIT_MONEY, Right.APPROVE_MONEY}
# By itself: tickets they own or follow, of their teams, or in which a team of theirs is asked.
_ANSWERERS = {Right.SEE_TICKETS, Right.ANSWER_TICKETS}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.ADMINISTRATOR: frozenset(Right),
    Role.HEAD: frozenset(
        _READERS
        | _ANSWERERS
        | _PAYERS
        | {
            Right.SEE_ALL_TICKETS,
            Right.MANAGE_DESK,
            Right.RUN_SURVEYS,
            Right.EDIT_PARTNERS,
            Right.SEE_ALL_PARTNERS,
            Right.SEE_REVENUE,
            Right.IMPORT,
            Right.EXPORT,
            Right.ERASE_CUSTOMERS,
            Right.MANAGE_PROGRAMS,
            Right.EDIT_ARTICLES,
            Right.RUN_DIALOGUE,
            Right.VET_APPLICATIONS,
            Right.MANAGE_PORTAL,
            Right.MANAGE_ANSWERS,
        }
    ),
    Role.LEAD: frozenset(
        _READERS
        | _ANSWERERS
        | {
            Right.SEE_ALL_TICKETS,
            Right.MANAGE_DESK,
            Right.SEE_ALL_PARTNERS,
            Right.EDIT_PARTNERS,
            Right.EXPORT,
            Right.EDIT_ARTICLES,
            Right.RUN_DIALOGUE,
            Right.MANAGE_PORTAL,
            Right.MANAGE_ANSWERS,
        }
    ),
    Role.AGENT: frozenset(
        _READERS | _ANSWERERS | {Right.SEE_ALL_TICKETS, Right.SEE_ALL_PARTNERS, Right.EDIT_ARTICLES}
    ),
    # Sees own partners only where the program says so, hence without SEE_ALL_PARTNERS.
    Role.ACCOUNT_MANAGER: frozenset(
        _READERS
        | _ANSWERERS
        | {
            Right.SEE_PARTNER_TICKETS,
            Right.EDIT_PARTNERS,
            Right.SEE_REVENUE,
            Right.SEE_MONEY,
            Right.EXPORT,
            Right.RUN_DIALOGUE,
            Right.VET_APPLICATIONS,
        }
    ),
    Role.QA_REVIEWER: frozenset(
        _READERS | {Right.SEE_TICKETS, Right.SEE_ALL_TICKETS, Right.SEE_ALL_PARTNERS}
    ),
    Role.TRAFFIC_OFFICER: frozenset(_ANSWERERS | {Right.SEE_PARTNERS, Right.SEE_ALL_PARTNERS}),
    Role.FINANCE: frozenset(
        _ANSWERERS | _PAYERS | {Right.SEE_PARTNERS, Right.SEE_ALL_PARTNERS, Right.SEE_REVENUE}
    ),
    Role.ANALYST: frozenset(_READERS | {Right.SEE_ALL_PARTNERS, Right.SEE_REVENUE, Right.EXPORT}),
}


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Everything that any of the roles allows."""
    allowed: set[Right] = set()
    for role in roles:
        allowed |= RIGHTS[role]
    return frozenset(allowed)
