from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "otklik.impact"
    label = "impact"

    def ready(self) -> None:
        from otklik.analytics.public import fact_sources
        from otklik.feedback.public import answer_sources
        from otklik.impact import subscriptions  # noqa: F401
        from otklik.impact.facts import exposures

        fact_sources.add(exposures)
        answer_sources.add(exposures)
