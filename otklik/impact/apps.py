from django.apps import AppConfig


class ImpactConfig(AppConfig):
    name = "otklik.impact"
    label = "impact"

    def ready(self) -> None:
        from otklik.analytics.public import fact_sources
        from otklik.feedback.public import answer_sources
        from otklik.impact import hooks, jobs, panels
        from otklik.impact import subscriptions as subscriptions
        from otklik.impact.facts import exposures
        from otklik.kit import registry

        fact_sources.add(exposures)
        answer_sources.add(exposures)
        registry.navigation.add(panels.navigation_item)
        registry.dashboard_panels.add(panels.dashboard_panel)
        registry.erasure_hooks.add(hooks.erasure)
        registry.merge_hooks.add(hooks.merging)
        jobs.register()
