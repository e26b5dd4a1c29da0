"""The map as an SVG picture: people in columns by authority and rows by influence, lines to our people.

Everything in it stands in the table beside it as well. Colour is never alone: each circle holds the score,
and each kind of circle has an outline of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Protocol

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import fitting, hatching, line, tag, text
from otklik.partners.public import AUTHORITY, INFLUENCE, Contact
from otklik.partners.public import Authority as PartnerAuthority
from otklik.partners.public import Influence as PartnerInfluence
from otklik.relationships.labels import INFLUENCE_KINDS, STANDINGS, TIE_KINDS, TIE_LEVELS
from otklik.relationships.models import InfluenceLine
from otklik.relationships.queries.partner import PartnerMap, TieLine
from otklik.relationships.rules.layout import Box, Density, Layout, Placed, Spot, place
from otklik.relationships.rules.segments import Cell, Member, Segment, segments
from otklik.relationships.rules.vocabulary import InfluenceKind, Standing, TieKind, TieLevel

LEFT, TOP = 96.0, 30.0
"""Left of and above the layout: what rows and columns are called."""
_FILLS: Mapping[Standing, str] = {
    Standing.PROMOTER: "promoter",
    Standing.PASSIVE: "passive",
    Standing.DETRACTOR: "detractor",
}
_DASHES: Mapping[Standing, str] = {
    Standing.SILENT_THIS_TIME: "6 3",
    Standing.NEVER_ANSWERED: "2 3",
}
_TIES: Mapping[TieLevel, tuple[float, str | None]] = {
    TieLevel.STRONG: (3.5, None),
    TieLevel.WORKING: (2.0, None),
    TieLevel.WEAK: (1.2, None),
    TieLevel.NONE: (1.0, "2 4"),
    TieLevel.UNKNOWN: (1.0, "6 4"),
}
_INFLUENCE: Mapping[InfluenceKind, str] = {
    InfluenceKind.LEADS: "score",
    InfluenceKind.ADVISES: "promoter",
    InfluenceKind.BLOCKS: "detractor",
}


class Drawn(Protocol):
    """A person of today, or of a review."""

    @property
    def id(self) -> int: ...
    @property
    def row(self) -> Contact: ...
    @property
    def member(self) -> Member: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def ties(self) -> tuple[TieLine, ...]: ...


def draw(found: PartnerMap) -> SafeString:
    """Raises TooManyPeople."""
    return draw_people(found.partner.name, found.people, ours=found.ours, lines=found.lines)


def draw_people(
    name: str,
    drawn: Sequence[Drawn],
    *,
    ours: Mapping[int, str] | None = None,
    lines: Sequence[InfluenceLine] = (),
) -> SafeString:
    """`name`: of the partner; `ours`: our people by id. Raises TooManyPeople."""
    ours = ours or {}
    pairs = [(tie.row.user_id, one.id) for one in drawn for tie in one.ties]
    layout = place(
        [Placed(one.id, one.member.authority, one.member.influence) for one in drawn],
        ours=list(ours),
        ties=pairs,
    )
    people = {one.id: one for one in drawn}
    counted = segments(one.member for one in drawn)
    title = _("Relationship map of %(partner)s") % {"partner": name}
    parts = [
        tag("title", escape(title), id="map-title"),
        tag("defs", hatching("map-detractor", "detractor", "surface", gap=6, thick=4.6), _arrow()),
        *_axes(layout.cells),
        *(_cell(cell, box, counted[cell]) for cell, box in layout.cells.items()),
        *_ties(layout, people),
        *_influence(layout, lines),
        *(_desk(box, ours[user]) for user, box in layout.ours.items()),
        *(_person(spot, people[spot.id], layout.density) for spot in layout.spots),
    ]
    size = f"{-LEFT:g} {-TOP:g} {layout.width + LEFT:g} {layout.height + TOP:g}"
    picture = tag(
        "svg",
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=size,
        width=round(layout.width + LEFT),
        class_="relationship-map",
        role="group",
        aria_labelledby="map-title",
        font_family="system-ui, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
    )
    return mark_safe(picture)  # noqa: S308 - every text went through escape


def _axes(cells: Mapping[Cell, Box]) -> Iterable[str]:
    columns = {cell.authority: box for cell, box in cells.items()}
    rows = {cell.influence: box for cell, box in cells.items()}
    for authority, box in columns.items():
        words = str(AUTHORITY[PartnerAuthority(authority)])
        yield text(words, box.x + box.width / 2, -6, anchor="middle", size=13, weight=600)
    yield text(pgettext("axis of the map", "Influence"), -LEFT + 4, -6, size=12, fill="muted")
    for influence, box in rows.items():
        words = str(INFLUENCE[PartnerInfluence(influence)])
        yield text(words, -LEFT + 4, box.y + box.height / 2, size=13, weight=600)


def _cell(cell: Cell, box: Box, segment: Segment) -> str:
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
    if not segment.people:
        empty = text(_("nobody known"), box.x + 10, box.y + 19, size=11, fill="muted")
        return frame + empty
    return frame + text(segment_words(segment), box.x + 10, box.y + 19, size=11, fill="muted")


def segment_words(segment: Segment) -> str:
    """How many, and of those who answered how many of each kind."""
    counts = segment.counts
    words = pgettext("segment of the map", "n %(people)s: ▲%(promoters)s ●%(passives)s ▼%(detractors)s")
    return words % {
        "people": segment.people,
        "promoters": counts.promoters,
        "passives": counts.passives,
        "detractors": counts.detractors,
    }


def _ties(layout: Layout, people: Mapping[int, Drawn]) -> Iterable[str]:
    ties = {(tie.row.user_id, one.id): tie for one in people.values() for tie in one.ties}
    # Of hundreds the lines would cover what they lead to.
    faint = 0.25 if layout.density is Density.DOTS else None
    for drawn in layout.lines:
        tie = ties[(drawn.ours, drawn.person)]
        width, dash = _TIES[TieLevel(tie.row.level)]
        stroke = line(drawn.x1, drawn.y1, drawn.x2, drawn.y2, "axis", width, dash)
        yield tag("g", tag("title", escape(tie_words(tie))), stroke, class_="map-tie", opacity=faint)


def tie_words(tie: TieLine) -> str:
    """What it is, as the team judges it, and what the log says."""
    return _("%(who)s: %(kind)s, %(level)s; by the log %(logged)s") % {
        "who": tie.row.user.name,
        "kind": TIE_KINDS[TieKind(tie.row.kind)],
        "level": TIE_LEVELS[tie.judged.stated],
        "logged": TIE_LEVELS[tie.judged.evidence.level],
    }


def _arrow() -> str:
    head = tag("path", d="M0 0 8 4 0 8z", fill=colour("muted"))
    return tag("marker", head, id="map-arrow", markerWidth=8, markerHeight=8, refX=7, refY=4, orient="auto")


def _influence(layout: Layout, lines: Iterable[InfluenceLine]) -> Iterable[str]:
    at = {spot.id: spot for spot in layout.spots}
    for one in lines:
        source, target = at.get(one.source_id), at.get(one.target_id)
        if source is None or target is None:
            continue
        words = influence_words(one)
        path = tag(
            "path",
            d=_bow(source, target),
            fill="none",
            stroke=colour(_INFLUENCE[InfluenceKind(one.kind)]),
            stroke_width=1.6,
            stroke_dasharray="5 3" if one.kind == InfluenceKind.BLOCKS else None,
            marker_end="url(#map-arrow)",
        )
        yield tag("g", tag("title", escape(words)), path, class_="map-influence")


def influence_words(one: InfluenceLine) -> str:
    return f"{one.source.name} → {one.target.name}: {INFLUENCE_KINDS[InfluenceKind(one.kind)]}"


def _bow(source: Spot, target: Spot) -> str:
    """Bent to one side, lest the line back lie on the line there; it ends at the circle's edge."""
    dx, dy = target.x - source.x, target.y - source.y
    length = max((dx * dx + dy * dy) ** 0.5, 1.0)
    bent_x, bent_y = (source.x + target.x) / 2 - dy * 0.15, (source.y + target.y) / 2 + dx * 0.15
    share = (target.radius + 3) / length
    end_x, end_y = target.x - dx * share, target.y - dy * share
    return f"M{source.x:.1f} {source.y:.1f}Q{bent_x:.1f} {bent_y:.1f} {end_x:.1f} {end_y:.1f}"


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


def _person(spot: Spot, one: Drawn, density: Density) -> str:
    standing, score = one.standing, one.member.score
    fill = _FILLS.get(standing)
    circle = tag(
        "circle",
        cx=spot.x,
        cy=spot.y,
        r=spot.radius,
        fill=colour(fill) if fill else colour("surface"),
        stroke=colour(fill or "axis"),
        stroke_width=2.4 if standing is Standing.DETRACTOR else 1.6,
        stroke_dasharray=_DASHES.get(standing),
    )
    if standing is Standing.DETRACTOR:
        # A ring apart from the fill: told from a promoter without colour.
        ring = tag(
            "circle",
            cx=spot.x,
            cy=spot.y,
            r=spot.radius + 3,
            fill="none",
            stroke=colour("detractor"),
            stroke_width=1.2,
        )
        circle = ring + circle
    inside = str(score) if score is not None else _initials(one.row.name)
    ink = "text" if fill is None else "on-passive" if standing is Standing.PASSIVE else "on-strong"
    size = 16 if score is not None and density is Density.CARDS else 12
    parts = [
        circle,
        text(inside, spot.x, spot.y + size / 3, anchor="middle", size=size, fill=ink, weight=700),
    ]
    if density is Density.CARDS:
        parts += _words_below(spot, one)
    label = person_words(one)
    return tag(
        "a",
        tag("title", escape(label)),
        *parts,
        href=f"#person-{one.id}",
        aria_label=label,
        class_="map-person",
    )


def _words_below(spot: Spot, one: Drawn) -> Iterable[str]:
    # Bold Cyrillic is wider than letters are on average.
    room = 100.0
    yield text(fitting(one.row.name, room, 11), spot.x, spot.y + 38, anchor="middle", size=11, weight=600)
    title = one.row.job_title or str(STANDINGS[one.standing])
    yield text(fitting(title, room, 10), spot.x, spot.y + 50, anchor="middle", size=10, fill="muted")
    if one.row.job_title:
        words = fitting(str(STANDINGS[one.standing]), room, 10)
        yield text(words, spot.x, spot.y + 60, anchor="middle", size=10, fill="muted")


def person_words(one: Drawn) -> str:
    """Read aloud, and shown when pointed at."""
    facts = [one.row.name, one.row.job_title, str(STANDINGS[one.standing])]
    if one.member.score is not None:
        facts.append(_("score %(score)s") % {"score": one.member.score})
    facts += [tie_words(tie) for tie in one.ties]
    return ", ".join(fact for fact in facts if fact)


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split()[:2] if word).upper() or "?"
