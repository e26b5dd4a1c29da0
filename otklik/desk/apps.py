from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "otklik.desk"
    label = "desk"

    def ready(self) -> None:
        from otklik.desk import hooks, panels, schedules, search, sentences, subscriptions, telling, topics  # noqa: F401
        from otklik.kit.registry import erasure_hooks, merge_hooks

        erasure_hooks.add(hooks.erasure)
        merge_hooks.add(hooks.merging)
        panels.register()
        schedules.register()
        search.register()
        sentences.register()
        topics.register()
