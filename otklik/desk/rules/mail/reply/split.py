"""Which lines of a letter are its author's answer now.

Every line is given to exactly one part, so nothing can be lost. The judgement, in order:

- history that runs to the end (Outlook's headers, "Original message", an attribution over unquoted text)
  is quote;
- a quote at the end is quote; one introduced quote above the answer is quote as well;
- quotes between answers stay with the answers: without them the answers make no sense;
- a forwarded letter is the content when its sender added next to nothing;
- a letter without any text of its own is shown whole rather than empty.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from otklik.desk.rules.mail.reply.blocks import Block, Kind, read_blocks, written_in
from otklik.desk.rules.mail.reply.lines import is_blank, split_lines, words_in
from otklik.desk.rules.mail.reply.markup import plain_text
from otklik.desk.rules.mail.reply.signatures import signature_start

FEW_WORDS = 5
"""A forwarded letter under so few words is what the sender wants read."""

_FORWARD_HINT = re.compile(
    r"(?:fyi|fwd?|see below|please see below|см\.? ниже|для информации|смотрите ниже|переслал[аи]?|пересылаю|"
    r"див\. нижче|zk|zur info|zur kenntnis|siehe unten|pour info|voir ci-dessous|ver abajo|"
    r"para su información|vedi sotto|zie hieronder|patrz niżej|bilginize|见下|转发)\W{0,5}",
    re.IGNORECASE,
)


class _Part(Enum):
    REPLY = "reply"
    QUOTE = "quote"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class ReplySplit:
    """Three parts of one letter; together they hold every non-blank line of it."""

    reply: str
    quote: str
    signature: str


def split_reply(text: str, html: str = "") -> ReplySplit:
    """`text` is the plain part; `html` is read only where there is no plain part."""
    lines, remainder = split_lines(text if text.strip() else plain_text(html))
    parts = _assign(lines)
    if remainder:
        lines, parts = [*lines, remainder], [*parts, parts[-1]]
    return ReplySplit(*(_collect(lines, parts, part) for part in _Part))


def _assign(lines: list[str]) -> list[_Part]:
    parts = [_Part.REPLY] * len(lines)
    blocks = read_blocks(lines)
    last_text = max((i for i, block in enumerate(blocks) if block.kind is Kind.TEXT), default=-1)
    for position, block in enumerate(blocks):
        if block.kind is Kind.TEXT:
            if _may_be_signed(blocks, position, last_text):
                start = block.start + signature_start(lines[block.start : block.end])
                _give(parts, start, block.end, _Part.SIGNATURE)
        elif block.kind is not Kind.QUOTE:
            _give(parts, block.start, block.end, _Part.QUOTE)
    _fold_quotes(parts, blocks, lines)
    _show_what_was_sent_on(parts, blocks, lines)
    return parts


def _may_be_signed(blocks: list[Block], position: int, last_text: int) -> bool:
    """The last text of all, and the text above history: not a remark between two quotes."""
    if position == last_text:
        return True
    following = blocks[position + 1]
    return following.kind is not Kind.QUOTE or following.introduced


def _give(parts: list[_Part], start: int, end: int, part: _Part) -> None:
    parts[start:end] = [part] * (end - start)


def _fold_quotes(parts: list[_Part], blocks: list[Block], lines: list[str]) -> None:
    quotes = [block for block in blocks if block.kind is Kind.QUOTE]
    answered = [
        any(_holds(parts, lines, _Part.REPLY, text) for text in blocks if _is_text_after(text, quote))
        for quote in quotes[-2:]
    ]
    if not quotes or not any(block.kind is not Kind.QUOTE for block in blocks):
        return
    if not answered[-1]:
        _give(parts, quotes[-1].start, quotes[-1].end, _Part.QUOTE)
    if len(quotes) == 1 and quotes[0].introduced:
        _give(parts, quotes[0].start, quotes[0].end, _Part.QUOTE)
    if len(quotes) > 1 and not any(answered):
        for quote in quotes:
            _give(parts, quote.start, quote.end, _Part.QUOTE)


def _is_text_after(text: Block, quote: Block) -> bool:
    return text.kind is Kind.TEXT and text.start >= quote.end


def _holds(parts: list[_Part], lines: list[str], part: _Part, block: Block) -> bool:
    return any(parts[i] is part and not is_blank(lines[i]) for i in range(block.start, block.end))


def _show_what_was_sent_on(parts: list[_Part], blocks: list[Block], lines: list[str]) -> None:
    sent_on = next((block for block in blocks if block.kind in {Kind.FORWARD, Kind.HISTORY}), None)
    if sent_on is None:
        return
    own = [lines[i] for i in range(sent_on.start) if parts[i] is _Part.REPLY and not is_blank(lines[i])]
    forwarded = sent_on.kind is Kind.FORWARD and words_in(own) <= FEW_WORDS
    if forwarded or not written_in(own) or _FORWARD_HINT.fullmatch(" ".join(own)[:100].strip()):
        _give(parts, sent_on.start, sent_on.end, _Part.REPLY)


def _collect(lines: list[str], parts: list[_Part], wanted: _Part) -> str:
    """Lines of one part as they stood, without blank lines at its ends; a gap becomes one blank line."""
    kept: list[str] = []
    previous = -1
    for index, line in enumerate(lines):
        if parts[index] is not wanted:
            continue
        gap = previous != index - 1
        if (gap or not kept) and is_blank(line):
            continue
        if gap and kept:
            _drop_blank_end(kept)
            kept.append("")
        kept.append(line)
        previous = index
    _drop_blank_end(kept)
    return "\n".join(kept).rstrip("\n")


def _drop_blank_end(kept: list[str]) -> None:
    while kept and is_blank(kept[-1]):
        kept.pop()
