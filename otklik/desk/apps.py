from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "otklik.desk"
    label = "desk"

    def ready(self) -> None:
        from otklik.analytics.public import fact_sources
        from otklik.desk import hooks, panels, schedules, search, sentences, subscriptions, telling, topics  # noqa: F401
        from otklik.desk.facts import messages, tickets
        from otklik.kit.registry import erasure_hooks, merge_hooks

        fact_sources.add(tickets)
        fact_sources.add(messages)
        erasure_hooks.add(hooks.erasure)
        merge_hooks.add(hooks.merging)
        panels.register()
        schedules.register()
        search.register()
        sentences.register()
        topics.register()
