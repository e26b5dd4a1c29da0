"""A text of an article as HTML, with the article's own files in it and no others."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.safestring import SafeString

from otklik.kit.markup import html_of
from otklik.knowledge.models import Attachment

Address = Callable[[int], str]
"""Where a file is fetched from, by its id; each door has addresses of its own."""


def article_html(body: str, files: Iterable[Attachment], address: Address) -> SafeString:
    return html_of(body, files={file.filename: address(file.pk) for file in files})
