"""What a token may be used for. A token never allows more than its owner may do at that moment."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    PARTNERS_READ = "partners:read"
    PARTNERS_WRITE = "partners:write"
    FEEDBACK_READ = "feedback:read"
    FEEDBACK_WRITE = "feedback:write"
    TICKETS_READ = "tickets:read"
    TICKETS_WRITE = "tickets:write"
    LOOP_READ = "loop:read"
    LOOP_WRITE = "loop:write"
    MONEY_READ = "money:read"
    MONEY_WRITE = "money:write"
    ARTICLES_READ = "articles:read"
