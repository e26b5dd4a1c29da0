"""The tree of root causes with which every program begins: branches of a partner's life in a program."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

FIRST_CAUSES: tuple[tuple[Promise, tuple[Promise, ...]], ...] = (
    (
        pgettext_lazy("root cause", "Money"),
        (
            pgettext_lazy("root cause", "Payouts come late"),
            pgettext_lazy("root cause", "The sum is wrong or cannot be checked"),
            pgettext_lazy("root cause", "Money is held or rejected without a reason"),
            pgettext_lazy("root cause", "Rates are too low"),
            pgettext_lazy("root cause", "Ways and fees of paying out"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Support"),
        (
            pgettext_lazy("root cause", "Answers come late"),
            pgettext_lazy("root cause", "The answer does not solve the matter"),
            pgettext_lazy("root cause", "They have to tell it again and again"),
            pgettext_lazy("root cause", "The tone"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Account manager"),
        (
            pgettext_lazy("root cause", "Nobody speaks to them"),
            pgettext_lazy("root cause", "Managers change too often"),
            pgettext_lazy("root cause", "Promises were not kept"),
            pgettext_lazy("root cause", "Does not know their business"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Terms of the program"),
        (
            pgettext_lazy("root cause", "Requirements and tiers"),
            pgettext_lazy("root cause", "Rules changed without a warning"),
            pgettext_lazy("root cause", "Conflict over a client or a lead"),
            pgettext_lazy("root cause", "Contract and paperwork"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Product"),
        (
            pgettext_lazy("root cause", "Something is broken"),
            pgettext_lazy("root cause", "Something is missing"),
            pgettext_lazy("root cause", "Hard to use or to connect"),
            pgettext_lazy("root cause", "Price and place in the market"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Tracking and reports"),
        (
            pgettext_lazy("root cause", "Sales or clicks are not counted"),
            pgettext_lazy("root cause", "Reports are late or unclear"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Help to sell"),
        (
            pgettext_lazy("root cause", "Training and materials"),
            pgettext_lazy("root cause", "Leads and joint marketing"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Asking"),
        (
            pgettext_lazy("root cause", "Asked too often or at a bad time"),
            pgettext_lazy("root cause", "The letter did not reach the right person"),
            pgettext_lazy("root cause", "No effect seen of earlier answers"),
        ),
    ),
    (
        pgettext_lazy("root cause", "Nothing of ours"),
        (
            pgettext_lazy("root cause", "A change at the partner's"),
            pgettext_lazy("root cause", "The market"),
            pgettext_lazy("root cause", "A competitor offers more"),
            pgettext_lazy("root cause", "A slip of the finger"),
            pgettext_lazy("root cause", "No reason was told"),
        ),
    ),
)
