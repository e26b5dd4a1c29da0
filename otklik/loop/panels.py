"""What other rooms show of the loop."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right
from otklik.kit.registry import NavigationItem

navigation_item = NavigationItem("loop", _("Closed loop"), "loop", "bell", 25, Right.SEE_FEEDBACK)
