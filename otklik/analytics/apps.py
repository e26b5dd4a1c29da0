from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    name = "otklik.analytics"
    label = "analytics"

    def ready(self) -> None:
        from otklik.jobs.public import every

        every("analytics.write_facts", "otklik.analytics.operations.write_facts.write_all_facts", minutes=15)
