"""What the import leaves in the registries, called once when Django starts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from otklik.identity.public import Right
from otklik.jobs.public import every
from otklik.kit.registry import NavigationItem, navigation
from otklik.partners.imports.known.contacts import ContactsTarget
from otklik.partners.imports.known.partners import PartnersTarget
from otklik.partners.imports.targets import import_targets


def register() -> None:
    import_targets.add(PartnersTarget())
    import_targets.add(ContactsTarget())
    navigation.add(NavigationItem("imports", _("Import"), "import-list", "upload", 80, Right.IMPORT.value))
    every("partners.imports.forget", "otklik.partners.imports.jobs.forget_old_files", minutes=24 * 60)
