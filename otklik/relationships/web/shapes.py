"""The marks of the map, as they stand in the picture and in its legend. Colour is never alone: each kind of
circle has an outline of its own, each kind of tie a shape, each level a line."""

from __future__ import annotations

from collections.abc import Mapping

from otklik.kit.charts.palette import colour
from otklik.kit.charts.svg import line, tag
from otklik.relationships.rules.vocabulary import InfluenceKind, Standing, TieKind, TieLevel

_FILLS: Mapping[Standing, str] = {
    Standing.PROMOTER: "promoter",
    Standing.PASSIVE: "passive",
    Standing.DETRACTOR: "detractor",
    Standing.SILENT_THIS_TIME: "unknown",
}
_INKS: Mapping[Standing, str] = {
    Standing.PROMOTER: "on-strong",
    Standing.PASSIVE: "on-passive",
    Standing.DETRACTOR: "on-strong",
}
_DASHES: Mapping[Standing, str] = {
    Standing.SILENT_THIS_TIME: "6 3",
    Standing.NEVER_ANSWERED: "2 3",
}
_LEVELS: Mapping[TieLevel, tuple[float, str | None]] = {
    TieLevel.STRONG: (3.5, None),
    TieLevel.WORKING: (2.0, None),
    TieLevel.WEAK: (1.0, None),
    TieLevel.NONE: (1.0, "2 4"),
    TieLevel.UNKNOWN: (1.0, "6 4"),
}
# Around 0, 4 units to each side.
_KINDS: Mapping[TieKind, str] = {
    TieKind.MANAGER: "M0-5 5 0 0 5-5 0z",
    TieKind.SPONSOR: "M0-5 5 4-5 4z",
    TieKind.WORK: "M-4-4H4V4H-4z",
    TieKind.SUPPORT: "M-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
    TieKind.PERSONAL: "M-4 0a4 4 0 1 1 8 0a4 4 0 1 1-8 0z",
}
_INFLUENCE: Mapping[InfluenceKind, str] = {
    InfluenceKind.LEADS: "score",
    InfluenceKind.ADVISES: "promoter",
    InfluenceKind.BLOCKS: "detractor",
}


def circle(standing: Standing, x: float, y: float, radius: float) -> str:
    fill = _FILLS.get(standing, "surface")
    drawn = tag(
        "circle",
        cx=x,
        cy=y,
        r=radius,
        fill=colour(fill),
        stroke=colour(fill if standing in _INKS else "axis"),
        stroke_width=1.6,
        stroke_dasharray=_DASHES.get(standing),
    )
    if standing is not Standing.DETRACTOR:
        return drawn
    # A ring apart from the fill: told from a promoter without colour.
    return (
        tag(
            "circle",
            cx=x,
            cy=y,
            r=radius + 2.5,
            fill="none",
            stroke=colour("detractor"),
            stroke_width=1.2,
        )
        + drawn
    )


def ink(standing: Standing) -> str:
    return _INKS.get(standing, "text")


def empty_place(x: float, y: float, radius: float) -> str:
    return tag(
        "circle",
        cx=x,
        cy=y,
        r=radius,
        fill="none",
        stroke=colour("marker"),
        stroke_width=1.6,
        stroke_dasharray="3 4",
    )


def tie_line(
    level: TieLevel, start: tuple[float, float], end: tuple[float, float], *, doubtful: bool = False
) -> str:
    width, dash = _LEVELS[level]
    return line(*start, *end, "marker" if doubtful else "axis", width, dash)


def tie_mark(kind: TieKind, x: float, y: float, *, doubtful: bool = False) -> str:
    """Hollow where the log disagrees."""
    return tag(
        "path",
        d=_KINDS[kind],
        transform=f"translate({x:.1f} {y:.1f})",
        fill=colour("surface" if doubtful else "text"),
        stroke=colour("marker" if doubtful else "surface"),
        stroke_width=1.6 if doubtful else 1,
    )


def influence_path(kind: InfluenceKind, path: str) -> str:
    return tag(
        "path",
        d=path,
        fill="none",
        stroke=colour(_INFLUENCE[kind]),
        stroke_width=1.6,
        stroke_dasharray="5 3" if kind is InfluenceKind.BLOCKS else None,
        marker_end="url(#map-arrow)",
    )


def arrow() -> str:
    head = tag("path", d="M0 0 8 4 0 8z", fill=colour("muted"))
    return tag("marker", head, id="map-arrow", markerWidth=8, markerHeight=8, refX=7, refY=4, orient="auto")
