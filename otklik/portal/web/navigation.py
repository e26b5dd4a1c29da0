"""The rooms of the portal, in the order people meet them: one line each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.portal.web.guard import Person


@dataclass(frozen=True, slots=True)
class Room:
    """``is_near``: at the bottom of a phone, where four fit; the others are under "More"."""

    url_name: str
    label: Promise | str
    icon: str
    is_near: bool = False
    needs_money: bool = False


ROOMS: tuple[Room, ...] = (
    Room("portal-home", _("Home"), "home", is_near=True),
    Room("portal-ask", _("Ask us"), "help", is_near=True),
    Room("portal-learn", _("Articles"), "book"),
    Room("portal-matters", _("Requests"), "message", is_near=True),
    Room("portal-money", _("Money"), "calendar", is_near=True, needs_money=True),
    Room("portal-channels", _("Whom to ask"), "users"),
    Room("portal-surveys", _("Surveys"), "star"),
    Room("portal-news", _("News"), "bell"),
    Room("portal-goals", _("Goals"), "check"),
    Room("portal-ideas", _("Ideas"), "star"),
    Room("portal-start", _("First steps"), "play"),
    Room("portal-me", _("My page"), "user"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    label: Promise | str
    icon: str
    url: str
    is_near: bool
    is_current: bool


def rooms_for(person: Person, path: str) -> Sequence[Entry]:
    """A room whose addresses are not served leaves no dead link behind."""
    home = reverse("portal-home")
    found = []
    for room in ROOMS:
        if room.needs_money and not person.sees_money:
            continue
        try:
            url = reverse(room.url_name)
        except NoReverseMatch:
            continue
        is_current = path == url or (url != home and path.startswith(url))
        found.append(Entry(room.label, room.icon, url, room.is_near, is_current))
    return found
