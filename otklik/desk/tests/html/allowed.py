"""Reads cleaned markup again with another parser and tells everything in it that should not be there."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAGS = """
a abbr address article b blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark ol p pre q s samp section
small span strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var wbr
"""
_ATTRIBUTES = """
align alt bgcolor border cellpadding cellspacing class color colspan data-blocked-src dir face height href
lang open rel rowspan size src start style target title type valign width
"""
TAGS = frozenset(_TAGS.split())
ATTRIBUTES = frozenset(_ATTRIBUTES.split())
SCHEMES = {"href": ("http://", "https://", "mailto:"), "src": ("https://", "http://", "/", "data:image/")}
BAD_STYLE = re.compile(
    r"url|expression|position|behavior|binding|import|javascript|[\\<>@]|/\*", re.IGNORECASE
)


class Audit(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.found.append(f"tag {tag}")
        for name, value in attrs:
            self._look_at(tag, name, value or "")

    def _look_at(self, tag: str, name: str, value: str) -> None:
        if name not in ATTRIBUTES or (name == "class" and value not in {"quote", "signature"}):
            self.found.append(f"attribute {tag}.{name}={value}")
        if name in SCHEMES and not value.lower().startswith(SCHEMES[name]):
            self.found.append(f"address {tag}.{name}={value}")
        if name == "href" and re.search(r"[\x00-\x20]", value):
            self.found.append(f"address {tag}.{name}={value}")
        if name == "style" and BAD_STYLE.search(value):
            self.found.append(f"style {value}")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"comment {data}")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"declaration {decl}")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"instruction {data}")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"declaration {data}")


def not_allowed(html: str) -> list[str]:
    audit = Audit()
    audit.feed(html)
    audit.close()
    return audit.found
