"""What the marks of the map mean: (mark, words)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from otklik.kit.charts.svg import tag
from otklik.relationships.rules.vocabulary import InfluenceKind, Standing, TieKind, TieLevel
from otklik.relationships.web import shapes
from otklik.relationships.web.words import Words

_WIDE, _HIGH = 30, 20
_START, _END, _MIDDLE = (2.0, 10.0), (28.0, 10.0), (15.0, 10.0)


def legend(words: Words) -> list[tuple[SafeString, str]]:
    return [(_mark(drawn), said) for drawn, said in _marks(words)]


def _marks(words: Words) -> Iterable[tuple[str, str]]:
    for standing in Standing:
        yield shapes.circle(standing, *_MIDDLE, 6), words.standing[standing]
    yield shapes.empty_place(*_MIDDLE, 6), _("somebody is missing here")
    for level in TieLevel:
        if level is not TieLevel.UNKNOWN:
            yield shapes.tie_line(level, _START, _END), _("tie: %(level)s") % {"level": words.level[level]}
    doubtful = shapes.tie_line(TieLevel.WORKING, _START, _END, doubtful=True)
    mark = shapes.tie_mark(TieKind.WORK, *_MIDDLE, doubtful=True)
    yield doubtful + mark, _("tie to look at again")
    for kind in TieKind:
        yield shapes.tie_mark(kind, *_MIDDLE), words.kind[kind]
    for influence in InfluenceKind:
        yield shapes.influence_path(influence, "M2 10H26"), words.influence_kind[influence]


def _mark(drawn: str) -> SafeString:
    size = {"viewBox": f"0 0 {_WIDE} {_HIGH}", "width": _WIDE, "height": _HIGH}
    return mark_safe(tag("svg", drawn, **size, aria_hidden="true"))  # noqa: S308 - made of numbers alone
