"""Names that may stand in comments: of partners, their people and ours."""

from __future__ import annotations

from collections.abc import Iterable

from otklik.feedback.queries.comment_rows import CommentRow
from otklik.feedback.rules.texts.names import keys_of_names
from otklik.identity.public import User
from otklik.partners.public import Contact, Partner


def known_names(rows: Iterable[CommentRow]) -> frozenset[str]:
    """Keys of words, for ``rules.texts.names``. Three queries."""
    partners = {row.partner_id for row in rows if row.partner_id is not None}
    return keys_of_names(
        [
            *Contact.objects.filter(partner_id__in=partners).values_list("name", flat=True),
            *Partner.objects.filter(pk__in=partners).values_list("name", flat=True),
            *User.objects.values_list("name", flat=True),
        ]
    )
