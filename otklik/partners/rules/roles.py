"""A contact's role follows from two separate facts, and a person may overrule it."""

from __future__ import annotations

from otklik.partners.rules.vocabulary import Authority, ContactRole, Influence


def role_from(
    authority: Authority, influence: Influence, overruled: ContactRole | None = None
) -> ContactRole:
    """Decision-maker: decides, alone or with others. Influencer: only weighs in. End user: neither.

    Unknown stays unknown: nothing is guessed from a missing fact, except that one known deciding fact
    (final authority) is enough whatever the other is.
    """
    if overruled is not None:
        return overruled
    if authority in (Authority.FINAL, Authority.SHARED):
        return ContactRole.DECISION_MAKER
    if influence in (Influence.HIGH, Influence.MEDIUM):
        return ContactRole.INFLUENCER
    if authority is Authority.NONE and influence is Influence.LOW:
        return ContactRole.END_USER
    return ContactRole.UNKNOWN
