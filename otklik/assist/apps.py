from django.apps import AppConfig


class AssistConfig(AppConfig):
    name = "otklik.assist"
    label = "assist"
