"""What an RSS or Atom document says, bounded and as plain text."""

from __future__ import annotations

import calendar
import io
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from otklik.feedback.rules.voices.addresses import key_of, levelled_address, web_address
from otklik.feedback.rules.voices.plain import one_line, plain_text

MOST_BYTES = 4_000_000
MOST_ENTRIES = 500
LONGEST_TEXT, LONGEST_TITLE, LONGEST_AUTHOR = 20_000, 500, 200
# Of one value as it came; longer ones are cut before anything is done with them.
_LONGEST_RAW = 200_000


class TooLarge(Exception):
    """Unpacked, the document is larger than we read."""


class NotAFeed(Exception):
    """The document is neither RSS nor Atom, or so broken that nothing can be read."""


class UnreadableEntry(ValueError):
    """An entry without an address and without words."""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry before it is understood: kept where it cannot be. ``published``: seconds since 1970."""

    guid: str
    link: str
    author: str
    title: str
    markup: str
    published: int | None

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """``is_damaged``: it breaks the rules of XML, and entries may be missing."""

    entries: tuple[RawEntry, ...]
    is_damaged: bool


@dataclass(frozen=True, slots=True)
class Entry:
    key: str
    url: str
    author: str
    title: str
    text: str
    published_at: datetime | None


def unpacked(body: bytes, encoding: str) -> bytes:
    """``encoding``: the header of the answer; servers pack although nobody asked. Raises TooLarge,
    NotAFeed."""
    if not (body.startswith(b"\x1f\x8b") or encoding.strip().lower() in ("gzip", "x-gzip", "deflate")):
        return body
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    try:
        found = unpacker.decompress(body, MOST_BYTES + 1)
    except zlib.error as error:
        raise NotAFeed(str(error)) from error
    if len(found) > MOST_BYTES:
        raise TooLarge
    return found


def read_feed(body: bytes, *, content_type: str, url: str) -> FeedDocument:
    """Raises NotAFeed. ``url``: what relative addresses are relative to."""
    import feedparser  # type: ignore[import-untyped]  # only the worker needs it

    headers = {"content-type": content_type, "content-location": url}
    found = feedparser.parse(
        io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not found.get("version") and not found["entries"]:
        raise NotAFeed
    broken = found.get("bozo_exception")
    # Where the server states another alphabet than the document, the document was right and was read.
    harmless = (feedparser.CharacterEncodingOverride, feedparser.NonXMLContentType)
    is_damaged = bool(found.get("bozo")) and not isinstance(broken, harmless)
    if is_damaged and not found["entries"]:
        raise NotAFeed
    return FeedDocument(tuple(_raw(entry) for entry in found["entries"][:MOST_ENTRIES]), is_damaged)


def _raw(entry: Mapping[str, Any]) -> RawEntry:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    return RawEntry(
        guid=_text(entry.get("id")),
        link=_text(entry.get("link")),
        author=_text(entry.get("author")),
        title=_text(entry.get("title")),
        markup=_longest_words(entry),
        published=_seconds(moment),
    )


def _longest_words(entry: Mapping[str, Any]) -> str:
    parts = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    return max((_text(part.get("value")) for part in parts), key=len)


def _text(value: Any) -> str:
    return value[:_LONGEST_RAW] if isinstance(value, str) else ""


def _seconds(moment: Any) -> int | None:
    try:
        return calendar.timegm(moment) if moment else None
    except (TypeError, ValueError, OverflowError):
        return None


def understand(raw: RawEntry, *, feed_id: int) -> Entry:
    """Raises UnreadableEntry.

    A GUID names the entry wherever it is an address, and within its feed where it is not. An address alone
    is not enough without one: some feeds give every review the address of the same page.
    """
    url = web_address(raw.link)
    title = one_line(plain_text(raw.title[: LONGEST_TITLE * 4], LONGEST_TITLE), LONGEST_TITLE)
    text = plain_text(raw.markup, LONGEST_TEXT)
    if not (url or title or text):
        raise UnreadableEntry
    guid = web_address(raw.guid)
    if guid:
        key = key_of("url", levelled_address(guid))
    elif raw.guid:
        key = key_of("guid", feed_id, raw.guid)
    else:
        key = key_of("words", feed_id, levelled_address(url) if url else "", title, "" if title else text)
    author = one_line(plain_text(raw.author, LONGEST_AUTHOR), LONGEST_AUTHOR)
    return Entry(key, url or guid, author, title, text, _moment(raw.published))


def _moment(seconds: int | None) -> datetime | None:
    """Days that no feed can mean ("0000-00-00") are no days."""
    if seconds is None or not 0 < seconds < 7_258_118_400:
        return None
    return datetime.fromtimestamp(seconds, UTC)
