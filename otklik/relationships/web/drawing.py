"""The map as an SVG picture: people in columns by authority and rows by influence, lines to our people, and
empty places for whoever the coverage contract misses.

Everything in it stands in the table beside it as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import fitting, tag, text
from otklik.relationships.models import InfluenceLine
from otklik.relationships.queries.partner import Drawn, PartnerMap
from otklik.relationships.rules.layout import MOST_VACANT, PLACES, Box, Density, Layout, Placed, Spot, place
from otklik.relationships.rules.segments import Cell, Segment, segments
from otklik.relationships.rules.vocabulary import InfluenceKind, Role, TieKind, TieLevel
from otklik.relationships.web import shapes
from otklik.relationships.web.words import Words

LEFT, TOP = 96.0, 30.0
"""Left of and above the layout: what rows and columns are called."""
CARD_ROOM = 112.0
WIDEST_SHRUNK = 1150.0
"""A wider picture keeps its size and is scrolled: made to fit a page, its letters could not be read."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where a person and an empty place lead to; "" leads nowhere."""

    person: Callable[[int], str] = "#person-{}".format
    vacancy: str = ""


@dataclass(frozen=True, slots=True)
class _Picture:
    layout: Layout
    people: Mapping[int, Drawn]
    words: Words
    links: Links
    missing: Mapping[Role, int] = field(default_factory=dict)


def draw(found: PartnerMap, words: Words, links: Links) -> SafeString:
    """Raises TooManyPeople."""
    return draw_people(
        found.partner.name,
        found.people,
        ours=found.ours,
        lines=found.lines,
        missing=found.missing,
        words=words,
        links=links,
    )


def draw_people(
    name: str,
    drawn: Sequence[Drawn],
    *,
    ours: Mapping[int, str] | None = None,
    lines: Sequence[InfluenceLine] = (),
    missing: Mapping[Role, int] | None = None,
    words: Words | None = None,
    links: Links | None = None,
) -> SafeString:
    """`name`: of the partner; `ours`: our people by id; `missing`: how many of each role are to be found.
    Raises TooManyPeople."""
    ours, missing = ours or {}, missing or {}
    layout = place(
        [Placed(one.id, one.member.authority, one.member.influence) for one in drawn],
        ours=list(ours),
        ties=[(tie.row.user_id, one.id) for one in drawn for tie in one.ties],
        missing={PLACES[role]: count for role, count in missing.items() if role in PLACES},
    )
    seen = _Picture(layout, {one.id: one for one in drawn}, words or Words(), links or Links(), missing)
    counted = segments(one.member for one in drawn)
    title = _("Relationship map of %(partner)s") % {"partner": name}
    parts = [
        tag("title", escape(title), id="map-title"),
        tag("defs", shapes.arrow()),
        *_axes(seen),
        *(_cell(box, counted[cell], seen.words) for cell, box in layout.cells.items()),
        *_tie_lines(seen),
        *_influence(seen, lines),
        *_vacancies(seen),
        *(_desk(box, ours[user]) for user, box in layout.ours.items()),
        *(_person(spot, seen.people[spot.id], seen) for spot in layout.spots),
        *_tie_marks(seen),
    ]
    size = f"{-LEFT:g} {-TOP:g} {layout.width + LEFT:g} {layout.height + TOP:g}"
    crowded = " is-crowded" if layout.width > WIDEST_SHRUNK else ""
    picture = tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        width=round(layout.width + LEFT),
        class_=f"relationship-map{crowded}",
        role="group",
        aria_labelledby="map-title",
        font_family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    )
    return mark_safe(picture)  # noqa: S308 - every text went through escape


def _axes(seen: _Picture) -> Iterable[str]:
    cells = seen.layout.cells
    columns = {cell.authority: box for cell, box in cells.items()}
    rows = {cell.influence: box for cell, box in cells.items()}
    for authority, box in columns.items():
        words = fitting(seen.words.authority[authority], box.width, 13)
        yield text(words, box.x + box.width / 2, -6, anchor="middle", size=13, weight=600)
    yield text(pgettext("axis of the map", "Influence"), -LEFT + 4, -6, size=12, fill="muted")
    for influence, box in rows.items():
        words = seen.words.influence[influence]
        yield text(words, -LEFT + 4, box.y + box.height / 2, size=13, weight=600)


def _cell(box: Box, segment: Segment, words: Words) -> str:
    frame = tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=8,
        fill="none",
        stroke=colour("grid"),
    )
    said = words.segment(segment) if segment.people else _("nobody known")
    return frame + text(said, box.x + 10, box.y + 19, size=11, fill="muted")


def _tie_lines(seen: _Picture) -> Iterable[str]:
    ties = {(tie.row.user_id, one.id): tie for one in seen.people.values() for tie in one.ties}
    # Of hundreds the lines would cover what they lead to.
    faint = 0.25 if seen.layout.density is Density.DOTS else 0.7
    for drawn in seen.layout.lines:
        tie = ties[(drawn.ours, drawn.person)]
        stroke = shapes.tie_line(
            TieLevel(tie.row.level),
            (drawn.x1, drawn.y1),
            (drawn.x2, drawn.y2),
            doubtful=bool(tie.judged.doubts),
        )
        label = tag("title", escape(seen.words.tie_with_log(tie)))
        yield tag("g", label, stroke, class_="map-tie", opacity=faint)


def _tie_marks(seen: _Picture) -> Iterable[str]:
    """Over the circles they touch: what binds the two."""
    ties = {(tie.row.user_id, one.id): tie for one in seen.people.values() for tie in one.ties}
    for drawn in seen.layout.lines:
        tie = ties[(drawn.ours, drawn.person)]
        yield shapes.tie_mark(TieKind(tie.row.kind), drawn.x2, drawn.y2, doubtful=bool(tie.judged.doubts))


def _influence(seen: _Picture, lines: Iterable[InfluenceLine]) -> Iterable[str]:
    at = {spot.id: spot for spot in seen.layout.spots}
    for one in lines:
        source, target = at.get(one.source_id), at.get(one.target_id)
        if source is None or target is None:
            continue
        label = tag("title", escape(seen.words.line(one)))
        path = shapes.influence_path(InfluenceKind(one.kind), _bow(source, target))
        faint = 0.4 if seen.layout.density is Density.DOTS else None
        yield tag("g", label, path, class_="map-influence", opacity=faint)


def _bow(source: Spot, target: Spot) -> str:
    """Bent to one side, lest the line back lie on the line there; it ends at the circle's edge."""
    dx, dy = target.x - source.x, target.y - source.y
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    bent_x, bent_y = (source.x + target.x) / 2 - dy * 0.15, (source.y + target.y) / 2 + dx * 0.15
    share = (target.radius + 3) / length
    end_x, end_y = target.x - dx * share, target.y - dy * share
    return f"M{source.x:.1f} {source.y:.1f}Q{bent_x:.1f} {bent_y:.1f} {end_x:.1f} {end_y:.1f}"


def _vacancies(seen: _Picture) -> Iterable[str]:
    roles = {cell: role for role, cell in PLACES.items()}
    drawn: dict[Cell, int] = {}
    for one in seen.layout.vacancies:
        role = roles[one.cell]
        drawn[one.cell] = drawn.get(one.cell, 0) + 1
        more = seen.missing[role] - MOST_VACANT
        inside = f"+{more + 1}" if more > 0 and drawn[one.cell] == MOST_VACANT else "?"
        words = seen.words.role[role]
        label = _("missing: %(role)s") % {"role": words}
        parts = [
            tag("title", escape(label)),
            shapes.empty_place(one.x, one.y, one.radius),
            text(inside, one.x, one.y + 5, anchor="middle", size=14, fill="marker", weight=700),
        ]
        if seen.layout.density is Density.CARDS:
            said = fitting(words, CARD_ROOM, 10)
            parts.append(text(said, one.x, one.y + 38, anchor="middle", size=10, fill="marker"))
        if seen.links.vacancy:
            yield tag("a", *parts, href=seen.links.vacancy, aria_label=label, class_="map-vacancy")
        else:
            yield tag("g", *parts, class_="map-vacancy")


def _desk(box: Box, name: str) -> str:
    frame = tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=6,
        fill=colour("surface"),
        stroke=colour("axis"),
    )
    words = fitting(name, box.width - 16)
    return frame + text(words, box.x + box.width / 2, box.y + box.height / 2 + 5, anchor="middle", weight=600)


def _person(spot: Spot, one: Drawn, seen: _Picture) -> str:
    standing, score = one.standing, one.member.score
    inside = str(score) if score is not None else _initials(one.row.name)
    size = 16 if score is not None and seen.layout.density is Density.CARDS else 12
    label = seen.words.person(one)
    parts = [
        tag("title", escape(label)),
        shapes.circle(standing, spot.x, spot.y, spot.radius),
        text(
            inside,
            spot.x,
            spot.y + size / 3,
            anchor="middle",
            size=size,
            fill=shapes.ink(standing),
            weight=700,
        ),
    ]
    if seen.layout.density is Density.CARDS:
        parts += _words_below(spot, one, seen.words)
    return tag("a", *parts, href=seen.links.person(one.id), aria_label=label, class_="map-person")


def _words_below(spot: Spot, one: Drawn, words: Words) -> Iterable[str]:
    name = fitting(one.row.name, CARD_ROOM - 8, 11.5)
    yield text(name, spot.x, spot.y + 38, anchor="middle", size=11, weight=600)
    title, standing = one.row.job_title, words.standing[one.standing]
    below = [title, standing] if title else [standing]
    for number, said in enumerate(below):
        cut = fitting(said, CARD_ROOM, 10)
        yield text(cut, spot.x, spot.y + 50 + 10 * number, anchor="middle", size=10, fill="muted")


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2] if word).upper() or "?"
