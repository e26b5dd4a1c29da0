from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "otklik.search"
    label = "search"
