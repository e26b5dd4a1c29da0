from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "otklik.desk"
    label = "desk"

    def ready(self) -> None:
        from otklik.desk import search, topics

        search.register()
        topics.register()
