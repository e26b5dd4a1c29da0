"""What a person may decide about how a file is read, with the words for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.kit.tabular import ENCODINGS, Order

FOUND = ("", _("as found"))

ENCODING_CHOICES = (FOUND, *ENCODINGS.items())
DELIMITER_CHOICES = (
    FOUND,
    (",", _("comma")),
    (";", _("semicolon")),
    ("\t", _("tab")),
    ("|", _("vertical bar")),
)
ORDER_CHOICES = (
    ("", _("as found")),
    (Order.DAY_FIRST.value, _("day first: 31/12/2025")),
    (Order.MONTH_FIRST.value, _("month first: 12/31/2025")),
)
DECIMAL_CHOICES = (
    ("", _("as found")),
    (",", _("comma: 1 234,50")),
    (".", _("point: 1,234.50")),
)
