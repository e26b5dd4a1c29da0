from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.kit.registry import NavigationItem

navigation_item = NavigationItem("knowledge", _("Articles"), "knowledge", "book", 28)
