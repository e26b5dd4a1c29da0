"""Tag soup of a letter made into a bounded, balanced tree before the sanitiser sees it.

Why before: the sanitiser's parser follows the HTML standard, and the standard is quadratic in the depth
of open blocks and in unclosed formatting (100,000 nested ``div`` take it twenty seconds). Here tags are
closed in order, nesting and number of tags are bounded, and what is not allowed is not passed on. Safety
does not rest on this module: its output is sanitised like any other markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html import escape, unescape
from itertools import islice
from typing import Protocol

MAX_DEPTH = 100
MAX_TAGS = 100_000
"""Tags, comments and ends; after so many the rest is shown as bare words."""
MAX_ATTRIBUTES = 40
MAX_TAG = 400_000
"""Characters of one tag: room for a small picture inside it."""

VOID = frozenset({"br", "hr", "img", "wbr", "col"})
_CELLS = frozenset({"td", "th", "caption"})
_TABLE = _CELLS | {"table", "thead", "tbody", "tfoot", "tr", "colgroup", "col"}
_BLOCKS = frozenset(
    {
        *("address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "figcaption", "figure"),
        *("footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre"),
        *("section", "table", "ul", "details"),
    }
)
_INLINE = frozenset(
    {
        *(
            "a",
            "abbr",
            "b",
            "br",
            "cite",
            "code",
            "del",
            "dfn",
            "em",
            "font",
            "i",
            "img",
            "ins",
            "kbd",
            "mark",
        ),
        *("q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr"),
    }
)
ALLOWED = (_BLOCKS | _INLINE | _TABLE) - {"details"}

_SWALLOWED = frozenset(
    {
        *(
            "script",
            "style",
            "title",
            "textarea",
            "xmp",
            "noscript",
            "iframe",
            "noembed",
            "noframes",
            "plaintext",
        ),
        *("svg", "math", "template", "object", "applet", "audio", "video", "canvas", "select"),
    }
)
"""Tags that go with everything inside them."""

_CLOSES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (_CELLS, frozenset({"tr", "table"})),
    "th": (_CELLS, frozenset({"tr", "table"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "thead": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "tbody": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "tfoot": (frozenset({"thead", "tbody", "tfoot"}), frozenset({"table"})),
    "a": (frozenset({"a"}), _CELLS),
}
"""Tag: which open ones it ends, and past which it does not look."""

_MARKUP = re.compile(r"<(?:[!?]|/?([a-zA-Z][a-zA-Z0-9:_-]{0,60})(?=[\s/>]))")
_ANY_TAG = re.compile(r"<[^<>]{0,2000}>")
_TAG_STOP = re.compile(r">|=\s{0,20}[\"']")
_ATTRIBUTE = re.compile(
    r"([a-zA-Z][a-zA-Z0-9:-]{0,40})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))"
)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|[\ud800-\udfff\ufdd0\ufdd1]")

_DISGUISED = {"&": "\ufdd0", "\xa0": "\ufdd1"}
"""What stands for "&" and the no-break space in text on its way through the sanitiser, which is quadratic in
both: five million take it minutes. Unicode keeps these code points for such inner use; `undisguised` puts the
entities back."""
_WRITTEN = str.maketrans({**_DISGUISED, "<": "&lt;", ">": "&gt;"})


class Listener(Protocol):
    """Decides what each allowed tag becomes; called in document order."""

    def attributes(self, tag: str, given: Mapping[str, str]) -> Mapping[str, str] | None:
        """What to write; None leaves the tag out."""

    def before(self, tag: str, given: Mapping[str, str], tree: Tree) -> None: ...

    def after_start(self, tag: str, given: Mapping[str, str], tree: Tree) -> None: ...

    def text(self, text: str) -> None: ...

    def closed(self, tag: str, tree: Tree) -> None: ...


class Tree:
    """Open tags and what has been written; every start gets its end."""

    def __init__(self, listener: Listener) -> None:
        self.out: list[str] = []
        self.open: list[str] = []
        self._listener = listener
        self._dropped: Counter[str] = Counter()

    def push(self, tag: str, markup: str) -> None:
        self.out.append(markup)
        self.open.append(tag)

    def pop(self) -> None:
        tag = self.open.pop()
        self.out.append(f"</{tag}>")
        self._listener.closed(tag, self)

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        self._close_implied(tag)
        if len(self.open) >= MAX_DEPTH and tag not in VOID:
            self._dropped[tag] += 1
            return
        self._listener.before(tag, given, self)
        attributes = self._listener.attributes(tag, given)
        if attributes is None:
            return
        written = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        if tag in VOID:
            self.out.append(f"<{tag}{written}>")
        else:
            self.push(tag, f"<{tag}{written}>")
        self._listener.after_start(tag, given, self)

    def end(self, tag: str) -> None:
        if self._dropped[tag]:
            self._dropped[tag] -= 1
            return
        limits = _CELLS
        if tag in _TABLE:
            limits = frozenset() if tag == "table" else frozenset({"table"})
        self._close_nearest(frozenset({tag}), limits)

    def _close_implied(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._close_nearest(frozenset({"p"}), _CELLS | {"table"})
        if tag in _CLOSES:
            self._close_nearest(*_CLOSES[tag])

    def _close_nearest(self, tags: frozenset[str], limits: frozenset[str]) -> None:
        for position in range(len(self.open) - 1, -1, -1):
            if self.open[position] in tags:
                while len(self.open) > position:
                    self.pop()
                return
            if self.open[position] in limits:
                return


def tidy(html: str, listener: Listener) -> list[str]:
    """Pieces of balanced markup. Linear in the length of `html`."""
    html = _UNSEEN.sub("", html)
    tree = Tree(listener)
    position = 0
    for _ in range(MAX_TAGS):
        found = _MARKUP.search(html, position)
        if found is None:
            _write_text(html[position:], tree, listener)
            break
        _write_text(html[position : found.start()], tree, listener)
        position = _read_markup(html, found, tree)
    else:
        _write_text(_ANY_TAG.sub(" ", html[position:]), tree, listener)
    while tree.open:
        tree.pop()
    return tree.out


def _write_text(text: str, tree: Tree, listener: Listener) -> None:
    if text:
        words = _UNSEEN.sub("", unescape(text))
        tree.out.append(words.translate(_WRITTEN))
        listener.text(words)


def undisguised(html: str) -> str:
    return html.replace(_DISGUISED["&"], "&amp;").replace(_DISGUISED["\xa0"], "&nbsp;")


def _read_markup(html: str, found: re.Match[str], tree: Tree) -> int:
    """Index after the tag or the comment that was found."""
    start = found.start()
    if found[1] is None:
        return _after_comment(html, start)
    tag = found[1].lower()
    end = _tag_end(html, found.end())
    if html[start + 1] == "/":
        if tag in ALLOWED - VOID:
            tree.end(tag)
        return end
    given = html[found.end() : end - 1] if end - start < MAX_TAG else ""
    if tag in _SWALLOWED:
        return end if tag in {"svg", "math"} and given.endswith("/") else _after_content(html, tag, end)
    if tag in ALLOWED:
        tree.start(tag, _attributes(given))
    return end


def _after_comment(html: str, start: int) -> int:
    if not html.startswith("<!--", start) or html.startswith((">", "->"), start + 4):
        end = html.find(">", start)
    else:
        end = html.find("-->", start + 4)
        end = end + 2 if end >= 0 else end
    return end + 1 if end >= 0 else len(html)


def _after_content(html: str, tag: str, start: int) -> int:
    end = re.compile(rf"</{tag}\b[^<>]{{0,200}}>?", re.IGNORECASE).search(html, start)
    return end.end() if end else len(html)


def _tag_end(html: str, position: int) -> int:
    """Index after the ">" that ends a tag, not one inside a quoted value; the end of the text without one."""
    while stop := _TAG_STOP.search(html, position):
        if stop[0] == ">":
            return stop.end()
        closing = html.find(stop[0][-1], stop.end())
        if closing < 0:
            plain = html.find(">", stop.end())
            return plain + 1 if plain >= 0 else len(html)
        position = closing + 1
    return len(html)


def _attributes(given: str) -> dict[str, str]:
    """First value of each name, as the standard has it; entities are read."""
    attributes: dict[str, str] = {}
    for match in islice(_ATTRIBUTE.finditer(given), MAX_ATTRIBUTES):
        value = match[2] or match[3] or match[4] or ""
        attributes.setdefault(match[1].lower(), unescape(value))
    return attributes
