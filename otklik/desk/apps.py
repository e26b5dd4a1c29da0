from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "otklik.desk"
    label = "desk"

    def ready(self) -> None:
        from otklik.desk import schedules, search, topics

        schedules.register()
        search.register()
        topics.register()
