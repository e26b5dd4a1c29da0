from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "otklik.partners"
    label = "partners"

    def ready(self) -> None:
        from otklik.partners import wiring
        from otklik.partners.imports import wiring as imports

        wiring.register()
        imports.register()
