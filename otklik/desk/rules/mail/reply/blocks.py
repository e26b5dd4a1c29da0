"""A letter as blocks: written text, quotes, the lines above them, and history that runs to the end."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from otklik.desk.rules.mail.reply.attribution import attribution_end
from otklik.desk.rules.mail.reply.headers import headers_begin
from otklik.desk.rules.mail.reply.lines import is_blank, is_quoted, next_written, unquoted
from otklik.desk.rules.mail.reply.separators import (
    is_forward_end,
    is_forward_separator,
    is_original_separator,
    is_rule,
)


class Kind(Enum):
    TEXT = "text"
    QUOTE = "quote"
    ATTRIBUTION = "attribution"
    HISTORY = "history"
    FORWARD = "forward"


@dataclass(frozen=True)
class Block:
    """Lines ``start:end``. `introduced`: a quote whose author is named above it or in its first line."""

    kind: Kind
    start: int
    end: int
    introduced: bool = False


def read_blocks(lines: list[str]) -> list[Block]:
    """Blocks in order; blank lines between them belong to none."""
    blocks: list[Block] = []
    index = 0
    written = False
    while (index := next_written(lines, index)) < len(lines):
        named = bool(blocks) and blocks[-1].kind is Kind.ATTRIBUTION
        block = (
            _quote_at(lines, index, named=named)
            if is_quoted(lines[index])
            else _block_at(lines, index, written)
        )
        written = written or block.kind is Kind.TEXT
        blocks.append(block)
        index = block.end
    return _joined_text(blocks)


def _block_at(lines: list[str], index: int, written: bool) -> Block:
    if is_forward_separator(lines[index]):
        return Block(Kind.FORWARD, index, _forward_end(lines, index))
    if _history_begins(lines, index):
        return Block(Kind.HISTORY, index, len(lines))
    end = attribution_end(lines, index)
    if end == index:
        return Block(Kind.TEXT, index, index + 1)
    following = next_written(lines, end)
    if not written or following == len(lines) or is_quoted(lines[following]):
        return Block(Kind.ATTRIBUTION, index, end)
    return Block(Kind.HISTORY, index, len(lines))


def _quote_at(lines: list[str], index: int, *, named: bool) -> Block:
    end = last = index
    while (last := next_written(lines, last)) < len(lines) and is_quoted(lines[last]):
        end = last = last + 1
    opening = [unquoted(line) for line in lines[index : min(index + 6, end)]]
    first = next_written(opening, 0)
    if not named and first < len(opening):
        named = attribution_end(opening, first) > first
    return Block(Kind.QUOTE, index, end, introduced=named)


def _history_begins(lines: list[str], index: int) -> bool:
    line = lines[index]
    if is_original_separator(line) or headers_begin(lines, index):
        return True
    if not is_rule(line):
        return False
    following = next_written(lines[index + 1 : index + 4], 0) + index + 1
    return following < min(len(lines), index + 4) and headers_begin(lines, following)


def _forward_end(lines: list[str], start: int) -> int:
    """Yandex and Mail.ru close what they forward with a line of its own; a signature may stand under it."""
    for index in range(start + 1, len(lines)):
        if is_forward_end(lines[index]):
            return index + 1
    return len(lines)


def _joined_text(blocks: list[Block]) -> list[Block]:
    joined: list[Block] = []
    for block in blocks:
        if joined and block.kind is Kind.TEXT and joined[-1].kind is Kind.TEXT:
            joined[-1] = Block(Kind.TEXT, joined[-1].start, block.end)
        else:
            joined.append(block)
    return joined


def written_in(lines: list[str]) -> bool:
    return any(not is_blank(line) for line in lines)
