"""Where an upper app leaves something for a lower page to show or call, so that nobody imports upwards.

Each registry is filled once, in ``AppConfig.ready`` of the app that offers the entry, and read at request
time. A panel that fails must not take the page down with it: pages draw panels through ``render_panels``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.http import HttpRequest
from django.utils.functional import Promise

log = logging.getLogger(__name__)
Text = str | Promise


class Named(Protocol):
    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)


class Registry(Generic[Entry]):
    """Entries by name, in the order in which they were added unless they carry an ``order``."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    def add(self, entry: Entry) -> None:
        if entry.name in self._entries and self._entries[entry.name] is not entry:
            raise ValueError(f"{entry.name!r} is registered twice")
        self._entries[entry.name] = entry

    def get(self, name: str) -> Entry | None:
        return self._entries.get(name)

    def __iter__(self) -> Iterator[Entry]:
        return iter(sorted(self._entries.values(), key=lambda entry: getattr(entry, "order", 0)))


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """``right`` is the name of the identity right that the item needs; None shows it to all staff.

    ``section``: "" for daily work, "settings" for what an administrator sets up (last, under a heading).
    """

    name: str
    label: Text
    url_name: str
    icon: str
    order: int = 0
    right: str | None = None
    section: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of somebody else's page. ``draw(request, subject)`` returns HTML, or "" for nothing to show."""

    name: str
    draw: Callable[[HttpRequest, Any], str]
    order: int = 0
    right: str | None = None


@dataclass(frozen=True, slots=True)
class Provider:
    """A fact of an upper app for a lower page: ids in, one query, a value by id out; absent means unknown.

    ``right``: what the reader of the page needs, or the page leaves the fact out.
    """

    name: str
    fetch: Callable[[Sequence[int]], Mapping[int, Any]]
    label: Text = ""
    order: int = 0
    right: str | None = None


@dataclass(frozen=True, slots=True)
class ErasureHook:
    """``erase(noun, ids)`` removes or blanks what the app keeps about these contacts or partners.

    Runs inside the erasure's transaction. ``models`` names the models whose foreign keys it answers for
    ("feedback.Response"); a test holds that every foreign key to a partner or contact has a hook.
    """

    name: str
    erase: Callable[[str, Sequence[int]], None]
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergeHook:
    """``merge(noun, source_id, target_id)`` moves rows from one partner or contact to another."""

    name: str
    merge: Callable[[str, int, int], None]
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TopicGuard:
    """Who may hear that something changed. ``name`` is the noun before the colon ("partner");
    ``may_watch(user, id)`` gets what stands after it: an id, or "*" for any of them. Called again for as long
    as a page listens, in the edge process; a noun without a guard is watched by nobody."""

    name: str
    may_watch: Callable[[Any, str], bool]


navigation: Registry[NavigationItem] = Registry()
dashboard_panels: Registry[Panel] = Registry()
partner_panels: Registry[Panel] = Registry()
contact_panels: Registry[Panel] = Registry()
operations_panels: Registry[Panel] = Registry()
ticket_panels: Registry[Panel] = Registry()
contact_providers: Registry[Provider] = Registry()
partner_providers: Registry[Provider] = Registry()
# What somebody at a partner may see on their own pages: "money" -> {contact id: True}.
contact_rights: Registry[Provider] = Registry()
erasure_hooks: Registry[ErasureHook] = Registry()
merge_hooks: Registry[MergeHook] = Registry()
topic_guards: Registry[TopicGuard] = Registry()


def render_panels(
    panels: Registry[Panel], request: HttpRequest, subject: Any, rights: frozenset[str]
) -> list[str]:
    """HTML of each panel this person may see; one that raises is logged and left out."""
    parts = []
    for panel in panels:
        if panel.right is not None and panel.right not in rights:
            continue
        try:
            part = panel.draw(request, subject)
        except Exception:
            log.exception("panel %s failed", panel.name)
            continue
        if part:
            parts.append(part)
    return parts


def gather(
    providers: Registry[Provider], ids: Sequence[int], names: Sequence[str] | None = None
) -> dict[str, Mapping[int, Any]]:
    """Every provider's answer for these ids; a provider that raises answers nothing."""
    answers: dict[str, Mapping[int, Any]] = {}
    for provider in providers:
        if names is not None and provider.name not in names:
            continue
        try:
            answers[provider.name] = provider.fetch(ids) if ids else {}
        except Exception:
            log.exception("provider %s failed", provider.name)
            answers[provider.name] = {}
    return answers
