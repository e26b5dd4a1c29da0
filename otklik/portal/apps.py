from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "otklik.portal"
    label = "portal"

    def ready(self) -> None:
        from otklik.portal import wiring

        wiring.register()
