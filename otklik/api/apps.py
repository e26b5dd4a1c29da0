from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "otklik.api"
    label = "api"

    def ready(self) -> None:
        from otklik.api import subscriptions  # noqa: F401 (heard by being imported)
        from otklik.kit.registry import NavigationItem, navigation

        navigation.add(
            NavigationItem(
                "tokens",
                _("API tokens"),
                "tokens",
                "key",
                order=90,
                right="manage_tokens",
                section="settings",
            )
        )
