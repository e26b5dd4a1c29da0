"""Line icons drawn for Otklik on a 24 × 24 grid, two units thick, round ends. Inner SVG by name."""

from __future__ import annotations

from functools import cache

SHAPES: dict[str, str] = {
    "activity": '<path d="M3 12h4l3-8 4 16 3-8h4"/>',
    "alert": '<path d="M12 4 2.5 20h19z"/><path d="M12 10v4.5M12 17.3v.1"/>',
    "arrow-left": '<path d="M20 12H5M11 5l-7 7 7 7"/>',
    "arrow-right": '<path d="M4 12h15M13 5l7 7-7 7"/>',
    "arrow-up": '<path d="M12 20V5M5 11l7-7 7 7"/>',
    "arrow-down": '<path d="M12 4v15M5 13l7 7 7-7"/>',
    "bell": '<path d="M6 16v-5a6 6 0 0 1 12 0v5l2 2H4zM10 21h4"/>',
    "book": '<path d="M12 6c-2-1.6-5-2-9-2v14c4 0 7 .4 9 2 2-1.6 5-2 9-2V4c-4 0-7 .4-9 2zM12 6v14"/>',
    "building": '<path d="M4 21V5l9-2v18M13 9h7v12M2 21h20M8 8v.1M8 12v.1M8 16v.1M16.5 13v.1M16.5 17v.1"/>',
    "calendar": '<rect x="4" y="5" width="16" height="16" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
    "chart": '<path d="M4 4v16h16"/><path d="m7 15 4-5 3 3 5-7"/>',
    "bars": '<path d="M5 20v-7M10 20V6M15 20v-9M20 20V9"/>',
    "check": '<path d="m4 12.5 5.5 5.5L20 7"/>',
    "chevron-down": '<path d="m5 9 7 7 7-7"/>',
    "chevron-left": '<path d="m15 5-7 7 7 7"/>',
    "chevron-right": '<path d="m9 5 7 7-7 7"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "contrast": '<circle cx="12" cy="12" r="9"/><path d="M12 3v18a9 9 0 0 0 0-18z" fill="currentColor"/>',
    "copy": '<rect x="9" y="9" width="11" height="12" rx="2"/><path d="M15 5.5V5a2 2 0 0 0-2-2H6'
    'a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h.5"/>',
    "dots": '<path d="M5 12v.1M12 12v.1M19 12v.1" stroke-width="3"/>',
    "download": '<path d="M12 3v12M6 10l6 6 6-6M4 21h16"/>',
    "edit": '<path d="M4 20l1-5L16 4l4 4L9 19zM13 7l4 4"/>',
    "external": '<path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5"/>',
    "file": '<path d="M13 3H6a1 1 0 0 0-1 1v16a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1V9zM13 3v6h6"/>',
    "filter": '<path d="M3 5h18l-7 8v6l-4 2v-8z"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18z"/>',
    "help": (
        '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.6 '
        '2.3c-.8.4-1.1.9-1.1 1.9M12 17v.1"/>'
    ),
    "home": '<path d="m3 11 9-8 9 8M5.5 9v11h13V9M10 20v-6h4v6"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.3v.1"/>',
    "key": '<circle cx="8" cy="15" r="5"/><path d="M11.5 11.5 20 3M16 7l3 3"/>',
    "list": '<path d="M9 6h12M9 12h12M9 18h12M4 6v.1M4 12v.1M4 18v.1"/>',
    "lock": '<rect x="5" y="10" width="14" height="11" rx="2"/><path d="M8 10V7a4 4 0 0 1 8 0v3M12 15v2"/>',
    "logout": '<path d="M10 4H5a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h5M9 12h11M16 8l4 4-4 4"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3.5 7 8.5 6 8.5-6"/>',
    "menu": '<path d="M4 6h16M4 12h16M4 18h16"/>',
    "message": '<path d="M4 5h16v11h-8l-5 4v-4H4z"/>',
    "minus": '<path d="M5 12h14"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "pause": '<path d="M8 5v14M16 5v14"/>',
    "phone": (
        '<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 '
        '2A15 15 0 0 1 3 6a2 2 0 0 1 2-2z"/>'
    ),
    "play": '<path d="M7 4.5v15l12-7.5z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "refresh": (
        '<path d="M20 11a8 8 0 0 0-14.3-4L3 9.5M3 4v5.5h5.5M4 13a8 8 0 0 0 14.3 4l2.7-2.5M21 20v-5.5h-5.5"/>'
    ),
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "settings": (
        '<path d="M4 7h8M18 7h2M4 17h2M12 17h8"/><circle cx="15" cy="7" '
        'r="2.5"/><circle cx="9" cy="17" r="2.5"/>'
    ),
    "shield": (
        '<path d="M12 3 4.5 6v6c0 4.5 3 7.5 7.5 9 4.5-1.5 7.5-4.5 '
        '7.5-9V6z"/><path d="m8.5 12 2.5 2.5 4.5-4.5"/>'
    ),
    "sort": '<path d="M8 4v16M4 16l4 4 4-4M16 20V4M12 8l4-4 4 4"/>',
    "star": '<path d="m12 3 2.7 5.8 6.3.8-4.6 4.3 1.2 6.3-5.6-3.1-5.6 3.1 1.2-6.3L3 9.6l6.3-.8z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2v2.5M12 19.5V22M2 12h2.5M19.5 12H22M5 5l1.7 1.7'
    'M17.3 17.3 19 19M5 19l1.7-1.7M17.3 6.7 19 5"/>',
    "tag": '<path d="M3 12V4a1 1 0 0 1 1-1h8l9 9-9 9zM8 8v.1"/>',
    "team": '<circle cx="12" cy="7" r="3"/><circle cx="5" cy="17" r="2.5"/><circle cx="19" cy="17" r="2.5"/>'
    '<path d="m10 9.5-3.3 5M14 9.5l3.3 5M8 17h8"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6"/>',
    "upload": '<path d="M12 16V4M6 9l6-6 6 6M4 21h16"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4.5 3.5-7 8-7s8 2.5 8 7"/>',
    "users": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 2.8-6 6.5-6s6.5 2 6.5 6M16 4.8'
    'a3.5 3.5 0 0 1 0 6.4M18 14.5c2.3.7 3.5 2.5 3.5 5.5"/>',
    "x": '<path d="m5 5 14 14M19 5 5 19"/>',
}


@cache
def svg(name: str, size: int = 20, css: str = "") -> str:
    """The icon as SVG markup, hidden from screen readers. Raises KeyError with the known names."""
    try:
        shape = SHAPES[name]
    except KeyError:
        raise KeyError(f"no icon {name!r}; there are {', '.join(sorted(SHAPES))}") from None
    size_and_box = f'width="{size}" height="{size}" viewBox="0 0 24 24"'
    line = (
        'fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"'
    )
    css = f"icon {css}".strip()
    return f'<svg class="{css}" {size_and_box} {line} aria-hidden="true" focusable="false">{shape}</svg>'
