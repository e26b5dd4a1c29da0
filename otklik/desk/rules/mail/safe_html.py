"""HTML of a stranger's letter, made safe to show.

Four walls, each enough for most attacks: the soup is balanced and bounded (`markup_tidy`), the sanitiser
keeps a short list of tags, attributes and schemes, the page that shows it forbids everything by its content
policy, and the frame around that page is a sandbox without scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import unquote, urlsplit

import nh3

from otklik.desk.rules.mail.inline_style import PROPERTIES, kept_style
from otklik.desk.rules.mail.markup_tidy import ALLOWED, Tree, tidy, undisguised
from otklik.desk.rules.mail.quoted_markup import Fold, fold_of
from otklik.desk.rules.mail.reply.separators import is_forward_separator
from otklik.desk.rules.mail.reply.split import FEW_WORDS

MAX_INLINE_DATA = 100_000
"""Characters of a picture written into the letter; a larger one is somebody's tracking or somebody's bomb."""

_DATA_IMAGE = re.compile(
    r"data:image/(?:png|jpe?g|gif|webp);base64,[A-Za-z0-9+/=\s]{0,100000}", re.IGNORECASE
)
_LINK = re.compile(r"(?:https?://[^\s<>\"'`\\]|mailto:[^\s<>\"'`\\])[^\s<>\"`\\]{0,4000}", re.IGNORECASE)
_INVISIBLE = re.compile(r"[\x00-\x20\x7f-\xa0\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")
_COLOUR = re.compile(r"#?[a-zA-Z0-9]{1,20}")
_SIZE = re.compile(r"\d{1,4}%?")
_TABLE_NUMBERS = frozenset({"width", "height", "colspan", "rowspan", "cellpadding", "cellspacing", "border"})
_ALIGN = frozenset({"left", "right", "center", "justify", "top", "middle", "bottom", "baseline"})

_ATTRIBUTES = {
    "*": {"style", "dir", "lang", "title", "align", "valign", "bgcolor", "width", "height"},
    "a": {"href"},
    "img": {"src", "alt", "data-blocked-src"},
    "font": {"color", "face", "size"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "table": {"border", "cellpadding", "cellspacing"},
    "ol": {"start", "type"},
    "details": {"class", "open"},
}
_PLAIN_ATTRIBUTES = frozenset({"dir", "lang", "title", "alt", "face", "start", "type"})
_CLEANER = nh3.Cleaner(
    tags=ALLOWED | {"details", "summary"},
    attributes=_ATTRIBUTES,
    attribute_filter=lambda tag, name, value: _allowed_value(tag, name, value),
    url_schemes={"http", "https", "mailto", "data"},
    link_rel="noopener noreferrer nofollow",
    set_tag_attribute_values={"a": {"target": "_blank"}},
    filter_style_properties=set(PROPERTIES),
)


@dataclass(frozen=True)
class CleanHtml:
    """`html`: a fragment for `frame_document`, never for a page of ours. `blocked_images`: not shown yet."""

    html: str
    blocked_images: int
    has_quote: bool


def clean_html(html: str, *, load_images: bool = False, inline: Mapping[str, str] | None = None) -> CleanHtml:
    """`inline`: content id (without brackets) → our address of that part."""
    letter = _Letter(load_images=load_images, inline=inline or {})
    pieces = tidy(html, letter)
    letter.open_what_was_sent_on(pieces)
    return CleanHtml(undisguised(_CLEANER.clean("".join(pieces))), letter.blocked, letter.has_quote)


class _Letter:
    """Turns attributes into allowed ones and puts folds around history while the letter is read."""

    def __init__(self, *, load_images: bool, inline: Mapping[str, str]) -> None:
        self.blocked = 0
        self.has_quote = False
        self._load_images = load_images
        self._inline = inline
        self._folds: list[tuple[Fold, int, int]] = []
        self._first_fold: int | None = None
        self._words_outside = 0
        self._line = ""
        self._quoted_head = ""

    def attributes(self, tag: str, given: Mapping[str, str]) -> Mapping[str, str] | None:
        if tag == "img":
            return self._image(given)
        return {name: kept for name in given if (kept := _kept_attribute(tag, name, given[name]))}

    def _image(self, given: Mapping[str, str]) -> dict[str, str] | None:
        attributes = {n: kept for n in given if n != "src" and (kept := _kept_attribute("img", n, given[n]))}
        source = _INVISIBLE.sub("", given.get("src", "")[: MAX_INLINE_DATA + 100])
        if source[:4].lower() == "cid:":
            content_id = source[4:].strip("<>")
            address = self._inline.get(content_id) or self._inline.get(unquote(content_id), "")
            return {"src": address, **attributes} if address else {"alt": given.get("alt", "")[:200]}
        if _DATA_IMAGE.fullmatch(source):
            return {"src": source, **attributes}
        remote = f"https:{source}" if source.startswith("//") else source
        if not remote.lower().startswith(("http://", "https://")) or not _LINK.fullmatch(remote):
            return {"alt": given["alt"][:200]} if given.get("alt") else None
        if self._load_images:
            return {"src": remote, **attributes}
        self.blocked += 1
        return {"data-blocked-src": remote, **attributes}

    def before(self, tag: str, given: Mapping[str, str], tree: Tree) -> None:
        if self._folds:
            return
        fold = fold_of(tag, given, self._line)
        if fold is None or (fold is Fold.UNTIL_QUOTE and "gmail_quote" in given.get("class", "")):
            return
        self._begin(fold, tree)

    def after_start(self, tag: str, given: Mapping[str, str], tree: Tree) -> None:
        """Gmail's quote holds the answer too when a person writes below: the fold goes inside it."""
        if not self._folds and tag != "blockquote" and fold_of(tag, given, "") is Fold.UNTIL_QUOTE:
            self._begin(Fold.UNTIL_QUOTE, tree)
        if tag in {"br", "p", "div", "tr", "li", "hr"}:
            self._line = ""

    def _begin(self, fold: Fold, tree: Tree) -> None:
        if fold is not Fold.SIGNATURE:
            self.has_quote = True
            if self._first_fold is None:
                self._first_fold = len(tree.out)
        self._folds.append((fold, len(tree.open), len(tree.out)))
        kind = "signature" if fold is Fold.SIGNATURE else "quote"
        tree.push("details", f'<details class="{kind}">')
        tree.out.append("<summary>•••</summary>")

    def text(self, text: str) -> None:
        words = text.split(None, 12)
        if self._folds:
            if len(self._quoted_head) < 200:
                self._quoted_head += f"\n{text.strip()[:200]}"
            return
        self._words_outside += len(words)
        self._line = f"{self._line[-300:]}{text[-300:]}".lstrip()

    def closed(self, tag: str, tree: Tree) -> None:
        """Ends a fold that reaches no further than the element just closed."""
        if not self._folds:
            return
        fold, depth, _ = self._folds[-1]
        if tag == "details" and len(tree.open) == depth:
            self._folds.pop()
            return
        over = fold in {Fold.ELEMENT, Fold.SIGNATURE} or (fold is Fold.UNTIL_QUOTE and tag == "blockquote")
        if over and len(tree.open) == depth + 1:
            tree.pop()

    def open_what_was_sent_on(self, pieces: list[str]) -> None:
        """A letter that is nothing but its quote, or a forwarded one with a word above, is shown open."""
        if self._first_fold is None:
            return
        forwarded = any(is_forward_separator(line) for line in self._quoted_head.strip().splitlines()[:3])
        if self._words_outside == 0 or (forwarded and self._words_outside <= FEW_WORDS):
            pieces[self._first_fold] = '<details class="quote" open="">'


def _kept_attribute(tag: str, name: str, value: str) -> str:
    if name == "style":
        return kept_style(value)
    if name == "href":
        return _kept_link(value) if tag == "a" else ""
    if name in _TABLE_NUMBERS or name == "size":
        return value if _SIZE.fullmatch(value) else ""
    if name in {"align", "valign"}:
        return value.lower() if value.lower() in _ALIGN else ""
    if name in {"bgcolor", "color"}:
        return value if _COLOUR.fullmatch(value) else ""
    return value[:300] if name in _PLAIN_ATTRIBUTES else ""


def _kept_link(value: str) -> str:
    """Browsers drop control characters inside a scheme, so they are dropped before it is judged."""
    link = _INVISIBLE.sub("", value[:5000].strip().replace(" ", "%20"))
    link = f"https:{link}" if link.startswith("//") else link
    return link if _LINK.fullmatch(link) else ""


def _allowed_value(tag: str, name: str, value: str) -> str | None:
    """The sanitiser's own look at addresses: "data:" is for small pictures only."""
    if name == "href" and not _LINK.fullmatch(value):
        return None
    if tag == "img" and name == "src" and value[:5].lower() == "data:" and not _DATA_IMAGE.fullmatch(value):
        return None
    return value


Theme = Literal["light", "dark", "auto"]

_PAPER = (
    "html{background:#fff;color-scheme:light}"
    "body{margin:0;padding:12px;background:#fff;color:#1c1c1e;overflow-wrap:anywhere;"
    "font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}"
    "img{max-width:100%;height:auto}"
    "img[data-blocked-src]{display:inline-block;min-width:24px;min-height:24px;border:1px dashed #8e8e93;"
    "border-radius:4px;background:#f2f2f7}"
    "table{max-width:100%}pre{white-space:pre-wrap}a{color:#0b57d0}"
    "blockquote{margin:0 0 0 8px;padding-left:12px;border-left:3px solid #c7c7cc}"
    "summary{cursor:pointer;display:inline-block;padding:0 8px;border-radius:8px;background:#e5e5ea;"
    "list-style:none}summary:focus-visible{outline:2px solid #0b57d0}details{margin:8px 0}"
)
_INVERTED = (
    "html{background:#141414}body{filter:invert(.92) hue-rotate(180deg)}"
    "img{filter:invert(1) hue-rotate(180deg)}"
)
"""A sender writes black on nothing; turning the whole sheet keeps any of his colours legible on dark."""

_THEMES = {
    "light": _PAPER,
    "dark": _PAPER + _INVERTED,
    "auto": f"{_PAPER}@media (prefers-color-scheme:dark){{{_INVERTED}}}",
}
MAX_SOURCES = 50
"""Hosts written out in the policy; a letter with pictures from more was asked to show them all anyway."""
_SOURCE = re.compile(r"<img[^>]*? src=\"([^\"]{1,5000})\"")


def frame_document(clean: CleanHtml, *, title: str, theme: Theme) -> str:
    """A whole page for ``<iframe sandbox>``: no scripts are in it and none would run.

    Links need ``allow-popups`` on the frame. Pictures may come from the addresses this letter shows and from
    nowhere else; an inline part of ours should have an absolute address, a sandbox has no origin of its own.
    """
    policy = f"default-src 'none'; img-src {_image_sources(clean.html)}; style-src 'unsafe-inline'"
    return (
        '<!doctype html><html><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_escaped(title)}</title><style>{_THEMES[theme]}</style></head><body>{clean.html}</body></html>"
    )


def _image_sources(html: str) -> str:
    sources = {"data:"}
    for match in _SOURCE.finditer(html):
        address = urlsplit(match[1])
        if address.scheme in {"http", "https"} and re.fullmatch(r"[A-Za-z0-9.:-]{1,255}", address.netloc):
            sources.add(f"{address.scheme}://{address.netloc}")
        elif not address.scheme:
            sources.add("'self'")
    return " ".join(sorted(sources)) if len(sources) <= MAX_SOURCES else "'self' data: http: https:"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
