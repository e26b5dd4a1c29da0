"""Makes a picture of a page small: at most 256 colours, which a page of text and flat areas hardly exceeds.

The counting is done by the browser that took the picture, which can read its own PNG; nothing else is needed.
"""

from __future__ import annotations

import base64
import struct
import zlib
from pathlib import Path

from playwright.sync_api import Page

# Returns [width, height, palette as RGB bytes, one index a pixel], the last two in base64. Colours stay in
# order of frequency, passing over those that resemble one kept already: else the shades around black letters
# would leave no room for a small coloured mark. Any other colour becomes the nearest one kept.
REDUCE = """
async png => {
    const picture = await createImageBitmap(await (await fetch(png)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    const bytes = context.getImageData(0, 0, picture.width, picture.height).data;
    const colours = new Uint32Array(bytes.length / 4), counts = new Map();
    for (let i = 0; i < colours.length; i++) {
        const colour = bytes[4 * i] << 16 | bytes[4 * i + 1] << 8 | bytes[4 * i + 2];
        colours[i] = colour;
        counts.set(colour, (counts.get(colour) || 0) + 1);
    }
    const far = (a, b) => ((a >> 16) - (b >> 16)) ** 2 * 2 + ((a >> 8 & 255) - (b >> 8 & 255)) ** 2 * 4
        + ((a & 255) - (b & 255)) ** 2;
    const frequent = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || a - b);
    let kept = frequent;
    for (let apart = 64; kept.length > 256; apart *= 1.5) {
        kept = [];
        for (const colour of frequent) {
            if (kept.length <= 256 && kept.every(one => far(colour, one) > apart)) kept.push(colour);
        }
    }
    const places = new Map(kept.map((colour, place) => [colour, place]));
    for (const colour of frequent) {
        if (places.has(colour)) continue;
        let best = 0;
        for (let i = 1; i < kept.length; i++) if (far(colour, kept[i]) < far(colour, kept[best])) best = i;
        places.set(colour, best);
    }
    const inBase64 = data => {
        let text = "";
        for (let i = 0; i < data.length; i += 8192) text += String.fromCharCode(...data.slice(i, i + 8192));
        return btoa(text);
    };
    const palette = kept.flatMap(colour => [colour >> 16, colour >> 8 & 255, colour & 255]);
    const indices = Uint8Array.from(colours, colour => places.get(colour));
    return [picture.width, picture.height, inBase64(palette), inBase64(indices)];
}
"""


def write_small_png(png: bytes, path: Path, *, workbench: Page) -> None:
    """``workbench`` is any page of the browser on which scripts may run, such as about:blank."""
    address = "data:image/png;base64," + base64.b64encode(png).decode()
    width, height, palette, indices = workbench.evaluate(REDUCE, address)
    pixels = base64.b64decode(indices)
    # Each row begins with the number of its filter: none, which is what suits a palette.
    rows = b"".join(b"\0" + pixels[start : start + width] for start in range(0, width * height, width))
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"PLTE", base64.b64decode(palette)), (b"IDAT", zlib.compress(rows, 9))]
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in [*chunks, (b"IEND", b"")]))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
