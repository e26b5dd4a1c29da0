"""An address as a picture that phones read."""

from __future__ import annotations

from collections.abc import Sequence

# Empty modules around the code that readers need.
_BORDER = 4


def code_picture(address: str) -> str:
    """SVG of black squares on white, whatever the theme: printed and read from a screen. A quarter of the
    area may be smeared or torn off (level Q)."""
    import qrcode  # here, because nobody needs it until somebody prints a code
    from qrcode.constants import ERROR_CORRECT_Q

    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=_BORDER)
    code.add_data(address)
    code.make(fit=True)
    rows: Sequence[Sequence[bool]] = code.get_matrix()
    size = len(rows)
    dark = "".join(_runs(row, y) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size * 8}" '
        f'height="{size * 8}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{dark}"/></svg>'
    )


def _runs(row: Sequence[bool], y: int) -> str:
    """Neighbours as one rectangle."""
    parts, start = [], None
    for x, is_dark in enumerate([*row, False]):
        if is_dark and start is None:
            start = x
        elif not is_dark and start is not None:
            parts.append(f"M{start} {y}h{x - start}v1H{start}z")
            start = None
    return "".join(parts)
