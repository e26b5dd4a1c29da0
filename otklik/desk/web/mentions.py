"""Who is mentioned in a note: "@Anna Head", "@anna@example.com"."""

from __future__ import annotations

from otklik.identity.public import active_staff


def mentioned_in(text: str) -> list[int]:
    """Ids of active staff whose name or address stands behind an @."""
    if "@" not in text:
        return []
    folded = text.casefold()
    people = list(active_staff().values_list("pk", "name", "email"))
    return [
        pk
        for pk, name, email in people
        if f"@{email.casefold()}" in folded or (name and f"@{name.casefold()}" in folded)
    ]
