"""What the closed lists about policy changes are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.impact.rules.change_starts import Wrong
from otklik.impact.rules.vocabulary import ChangeDoubt

CHANGE_DOUBTS: dict[ChangeDoubt, tuple[Promise, Promise]] = {
    ChangeDoubt.CHOSEN: (
        _("Who gets a change is no accident."),
        _("If it came first to those whose mood was turning anyway, that turn is counted as its doing."),
    ),
    ChangeDoubt.SOMETHING_ELSE_CAME: (
        _("Something else may have come to the same partners in the same month."),
        _("New terms, a new product, another manager: what came together cannot be told apart."),
    ),
    ChangeDoubt.ONLY_THOSE_WHO_ANSWER: (
        _("Only those who answer are seen."),
        _("If the change itself makes people answer, or fall silent, the figures move while moods do not."),
    ),
}
# Each with the part of the line that is wrong.
LINE_MISTAKES: dict[Wrong, Promise] = {
    Wrong.NO_PARTNER: _("Line %(line)s: no partner stands before the date “%(text)s”."),
    Wrong.NO_DATE: _("Line %(line)s: “%(text)s” has no date. Write: partner; date."),
    Wrong.NOT_A_DATE: _("Line %(line)s: “%(text)s” is not a date. Write it as 2026-03-31 or 31.03.2026."),
    Wrong.NO_SUCH_DAY: _("Line %(line)s: there is no such day as “%(text)s”."),
    Wrong.TWO_WAYS: _(
        "Line %(line)s: “%(text)s” can be read as two days. Write it as 2026-03-31 or 31.03.2026."
    ),
    Wrong.UNKNOWN: _("Line %(line)s: no partner of this program has the code or the name “%(text)s”."),
    Wrong.SEVERAL: _("Line %(line)s: several partners are called “%(text)s”. Write the code instead."),
    Wrong.TWICE: _("Line %(line)s: “%(text)s” stands in the list already, with another date."),
    Wrong.TOO_MANY: _("Line %(line)s and those after it are more than one list may have: 5,000 lines."),
}
