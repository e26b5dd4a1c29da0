from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "otklik.impact"
    label = "impact"
