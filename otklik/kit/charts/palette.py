"""Colours of the charts as CSS custom properties, so that they follow the page's theme.

Every colour in a chart is `var(--chart-NAME, light fallback)`. A page that has a dark theme puts `css(DARK)`
where its dark rules stand. Text colours reach 4.5 : 1 on the page's surface, drawing colours 3 : 1 (WCAG 2.2
AA, 1.4.3, 1.4.11); promoters and detractors also differ in lightness and pattern, not in hue alone.
"""

from __future__ import annotations

LIGHT = {
    "text": "#1f2937",
    "muted": "#5b6472",
    "grid": "#e3e6eb",
    "axis": "#8a93a1",
    "surface": "#ffffff",
    "score": "#1d4ed8",
    "band": "#bfd3fb",
    "shrunk": "#7e22ce",
    "unknown": "#d5d9e0",
    "detractor": "#c2410c",
    "passive": "#94a0b1",
    "promoter": "#0f766e",
    "on-strong": "#ffffff",
    "on-passive": "#111827",
    "marker": "#b45309",
}

DARK = {
    "text": "#e5e7eb",
    "muted": "#a3adbb",
    "grid": "#323a47",
    "axis": "#7b8696",
    "surface": "#161b22",
    "score": "#7db0ff",
    "band": "#27436f",
    "shrunk": "#d3a4ff",
    "unknown": "#3d4654",
    "detractor": "#fb8a4c",
    "passive": "#8391a5",
    "promoter": "#2dc4ae",
    "on-strong": "#10151c",
    "on-passive": "#10151c",
    "marker": "#f5b041",
}


def colour(name: str) -> str:
    """For fill and stroke attributes."""
    return f"var(--chart-{name}, {LIGHT[name]})"


def css(colours: dict[str, str]) -> str:
    """Declarations for a rule such as `:root { ... }`."""
    return " ".join(f"--chart-{name}: {value};" for name, value in colours.items())
