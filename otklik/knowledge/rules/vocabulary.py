"""Closed lists of the knowledge base; their words on screen are in ``labels.py``."""

from __future__ import annotations

from enum import StrEnum


class Visibility(StrEnum):
    """Who reads an article once it is published; each includes those below it."""

    PUBLIC = "public"
    """Everybody, without signing in."""
    PARTNERS = "partners"
    """Partners' people, of the article's program or, where it has none, of any."""
    TIER = "tier"
    """Of those, the ones whose partner has one of the article's tiers."""
    STAFF = "staff"


class ArticleState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class TextState(StrEnum):
    """Of a translation: whether the source has changed since it was made. A source is always fresh."""

    FRESH = "fresh"
    STALE = "stale"


class WhyNot(StrEnum):
    """Why an article did not help."""

    UNCLEAR = "unclear"
    INCOMPLETE = "incomplete"
    OUTDATED = "outdated"
    NOT_MY_CASE = "not_my_case"
    DID_NOT_WORK = "did_not_work"
    WANT_PERSON = "want_person"


class CameFrom(StrEnum):
    """How somebody got to an article."""

    SEARCH = "search"
    SUGGESTION = "suggestion"
    ASK = "ask"
    PORTAL = "portal"
    MAIL = "mail"
    PUBLIC = "public"


class GapState(StrEnum):
    OPEN = "open"
    WRITTEN = "written"
    """An article was begun from it."""
    IGNORED = "ignored"


class DraftState(StrEnum):
    """Of a translation that a machine makes for an editor."""

    WANTED = "wanted"
    MADE = "made"
    FAILED = "failed"
