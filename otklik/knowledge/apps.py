from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "otklik.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from otklik.knowledge import search

        search.register()
