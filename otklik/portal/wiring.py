"""What the portal offers to the rooms below."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right
from otklik.kit import registry
from otklik.kit.registry import NavigationItem, Panel
from otklik.partners.public import sentences as timeline_sentences
from otklik.portal import hooks, rights
from otklik.portal.sentences import SENTENCES
from otklik.portal.web.staff_accounts import draw_contact, draw_partner


def register() -> None:
    registry.erasure_hooks.add(hooks.erasure)
    registry.merge_hooks.add(hooks.merging)
    registry.contact_rights.add(rights.money)
    registry.contact_panels.add(Panel("portal.account", draw_contact, 30, Right.SEE_PARTNERS))
    registry.partner_panels.add(Panel("portal.accounts", draw_partner, 60, Right.EDIT_PARTNERS))
    registry.navigation.add(
        NavigationItem(
            "portal", _("Portal"), "portal-staff-setup", "globe", 930, Right.MANAGE_PORTAL, "settings"
        )
    )
    for sentence in SENTENCES:
        timeline_sentences.add(sentence)
