from django.apps import AppConfig


class EdgeConfig(AppConfig):
    name = "otklik.edge"
    label = "edge"
