"""How high a job title stands, by words of English and Russian. A guess, used for points only."""

from __future__ import annotations

import re
from enum import IntEnum

_TOP = re.compile(
    r"\b(c[efotmpi]o|chief|founder|co-?founder|owner|president|(managing|general) director"
    r"|managing partner|гендиректор\w*|генеральн\w+ директор\w*|(со)?основател\w*|владел\w*|собственник\w*"
    r"|учредител\w*|президент\w*)\b",
    re.IGNORECASE,
)
_BELOW_TOP = re.compile(
    r"\b(vice|deputy|assistant to|вице|заместител\w*|зам|помощни\w*|ассистент\w*)\b", re.I
)
_HEAD = re.compile(
    r"\b(vice[ -]president|vp|svp|evp|director|head|lead"
    r"|директор\w*|глав[аы]|начальни\w*|руководител\w*|заведующ\w*|вице-президент\w*)\b",
    re.IGNORECASE,
)


class Seniority(IntEnum):
    OTHER = 0
    HEAD = 1
    TOP = 2


def seniority_of(title: str) -> Seniority:
    """A deputy, or an assistant, of somebody stands one step below them."""
    below = bool(_BELOW_TOP.search(title))
    if _TOP.search(title):
        return Seniority.HEAD if below else Seniority.TOP
    if _HEAD.search(title):
        return Seniority.OTHER if below and not re.search(r"vice|вице", title, re.I) else Seniority.HEAD
    return Seniority.OTHER
