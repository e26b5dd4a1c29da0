from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "otklik.impact"
    label = "impact"

    def ready(self) -> None:
        from otklik.analytics.public import fact_sources
        from otklik.impact.facts import exposures

        fact_sources.add(exposures)
