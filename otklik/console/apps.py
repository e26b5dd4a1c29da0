from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConsoleConfig(AppConfig):
    name = "otklik.console"
    label = "console"

    def ready(self) -> None:
        from otklik.kit.registry import NavigationItem, navigation

        navigation.add(
            NavigationItem(
                "operations",
                _("Operations"),
                "operations",
                "activity",
                order=990,
                right="see_operations",
                section="settings",
            )
        )
