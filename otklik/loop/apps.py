from django.apps import AppConfig


class LoopConfig(AppConfig):
    name = "otklik.loop"
    label = "loop"

    def ready(self) -> None:
        from otklik.kit import registry
        from otklik.loop import (
            hooks,
            jobs,
            panels,
            search,
            subscriptions,  # noqa: F401
        )
        from otklik.loop.outer_panels import outer_panel
        from otklik.loop.sentences import SENTENCES
        from otklik.partners.public import sentences as timeline_sentences

        jobs.register()
        search.register()
        for sentence in SENTENCES:
            timeline_sentences.add(sentence)
        registry.erasure_hooks.add(hooks.erasure)
        registry.merge_hooks.add(hooks.merging)
        for item in panels.navigation_items:
            registry.navigation.add(item)
        registry.dashboard_panels.add(panels.dashboard_panel)
        registry.dashboard_panels.add(outer_panel)
        registry.partner_panels.add(panels.partner_panel)
        registry.contact_panels.add(panels.contact_panel)
        registry.ticket_panels.add(panels.ticket_panel)
