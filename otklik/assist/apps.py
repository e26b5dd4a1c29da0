from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "otklik.assist"
    label = "assist"

    def ready(self) -> None:
        from otklik.assist import wiring

        wiring.register()
