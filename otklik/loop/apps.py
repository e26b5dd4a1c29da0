from django.apps import AppConfig


class LoopConfig(AppConfig):
    name = "otklik.loop"
    label = "loop"
