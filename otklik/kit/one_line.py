"""Text of others for a line of ours: a subject, a heading, a name among words.

Signs that show nothing can turn the words around them (U+202E writes "fdp.exe" as "exe.pdf"), hide what a
name is, or end a header. Letters of every script, marks and emoji stay.
"""

from __future__ import annotations

import re
import unicodedata

# C0 and C1, separators of lines, surrogates without their other half.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Signs of direction, also the deprecated ones (Unicode 9.0 and UAX 9); of no width; soft hyphens; fillers.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0001]"
)
# The flag of a region is a black flag, unseen letters and their end; anywhere else such letters hide text.
_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007e]{1,6}\U000e007f)|[\U000e0020-\U000e007f]+")
_JOINERS = re.compile("[\u200c\u200d]")
# Scripts whose letters change their shape at a joiner: Arabic and its neighbours, those of India and beyond.
_SHAPED = (
    (0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)
)  # fmt: skip
_ZWJ = "\u200d"


def one_line(text: str) -> str:
    """Breaks become spaces. A joiner stays where it shapes letters, or makes one picture of several."""
    seen = _TAGS.sub(lambda found: found[1] or "", _UNSEEN.sub("", _BREAKS.sub(" ", text)))
    return _JOINERS.sub(_kept, seen).strip()


def _kept(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    if not (before and after):
        return ""
    letters = _is_shaped(before) and _is_shaped(after)
    return found[0] if letters or (found[0] == _ZWJ and _is_picture(before) and _is_picture(after)) else ""


def _is_shaped(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in _SHAPED)


def _is_picture(sign: str) -> bool:
    """Or what belongs to one: a tone of skin, "as a picture" (U+FE0F)."""
    return sign == "\ufe0f" or (ord(sign) > 0x2000 and unicodedata.category(sign) in ("So", "Sk", "Sm"))
