from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.identity.models import User
from otklik.kit.registry import NavigationItem, navigation

SECTIONS: dict[str, Promise | str] = {"": "", "settings": _("Administration")}


@dataclass(frozen=True, slots=True)
class Entry:
    label: Promise | str
    icon: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Section:
    label: Promise | str
    items: Sequence[Entry]


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs: the navigation this person may use."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    mine = [item for item in navigation if item.right is None or item.right in user.rights]
    shown = [(item.section, entry) for item in mine if (entry := _entry(item, request.path))]
    # A room inside a room has an entry of its own, and only that one is lit.
    lit = max((entry.url for _section, entry in shown if entry.is_current), key=len, default="")
    entries = [(section, replace(entry, is_current=entry.url == lit)) for section, entry in shown]
    sections = [Section(label, [e for s, e in entries if s == key]) for key, label in SECTIONS.items()]
    return {"navigation": [section for section in sections if section.items]}


def _entry(item: NavigationItem, path: str) -> Entry | None:
    """None for a room whose addresses this installation does not serve: it leaves no dead link behind."""
    try:
        url = reverse(item.url_name)
    except NoReverseMatch:
        return None
    # Pages of one room share the beginning of their address, so a partner's page keeps "Partners" lit.
    lit = path == url or (url != "/" and path.startswith(url))
    return Entry(item.label, item.icon, url, lit)
