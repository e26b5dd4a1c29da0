from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "otklik.dialogue"
    label = "dialogue"
