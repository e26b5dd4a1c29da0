"""The form under an article, the same on every door."""

from __future__ import annotations

from django.http import QueryDict

from otklik.kit.long_text import with_one_sign_breaks
from otklik.knowledge.operations.readers import Verdict
from otklik.knowledge.rules.vocabulary import WhyNot


def verdict_from(posted: QueryDict) -> Verdict | None:
    """None where neither yes nor no was said; an odd reason is none."""
    said = posted.get("helped", "")
    if said not in ("yes", "no"):
        return None
    why = posted.get("why", "")
    return Verdict(
        helped=said == "yes",
        why=WhyNot(why) if why in list(WhyNot) else None,
        words=with_one_sign_breaks(posted.get("words", "")).replace("\x00", ""),
    )
