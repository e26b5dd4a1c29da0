from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from otklik.kit.registry import NavigationItem, navigation


class IdentityConfig(AppConfig):
    name = "otklik.identity"
    label = "identity"

    def ready(self) -> None:
        navigation.add(NavigationItem("home", _("Overview"), "home", "home", order=0))
        navigation.add(
            NavigationItem(
                "staff", _("Staff"), "staff", "users", order=900, right="manage_staff", section="settings"
            )
        )
        navigation.add(
            NavigationItem(
                "teams", _("Teams"), "teams", "team", order=910, right="manage_staff", section="settings"
            )
        )
