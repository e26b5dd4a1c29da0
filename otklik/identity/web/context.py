from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from otklik.identity.models import User
from otklik.kit.registry import NavigationItem, navigation

SECTIONS: dict[str, Promise | str] = {"": "", "settings": _("Administration")}


@dataclass(frozen=True, slots=True)
class Section:
    label: Promise | str
    items: Sequence[NavigationItem]


def shell(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame needs: the navigation this person may use."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"navigation": []}
    mine = [item for item in navigation if item.right is None or item.right in user.rights]
    shown = [item for item in mine if _leads_somewhere(item)]
    sections = [Section(label, [i for i in shown if i.section == key]) for key, label in SECTIONS.items()]
    return {"navigation": [section for section in sections if section.items]}


def _leads_somewhere(item: NavigationItem) -> bool:
    """A room whose addresses this installation does not serve leaves no dead link behind."""
    try:
        reverse(item.url_name)
    except NoReverseMatch:
        return False
    return True
