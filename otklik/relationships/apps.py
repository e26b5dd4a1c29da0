from django.apps import AppConfig


class RelationshipsConfig(AppConfig):
    name = "otklik.relationships"
    label = "relationships"

    def ready(self) -> None:
        from otklik.kit import registry
        from otklik.partners.public import sentences as timeline_sentences
        from otklik.relationships import hooks, jobs, panels
        from otklik.relationships import subscriptions as subscriptions
        from otklik.relationships.sentences import SENTENCES

        jobs.register()
        for sentence in SENTENCES:
            timeline_sentences.add(sentence)
        registry.erasure_hooks.add(hooks.erasure)
        registry.merge_hooks.add(hooks.merging)
        for item in panels.navigation_items:
            registry.navigation.add(item)
        registry.ticket_panels.add(panels.ticket_panel)
        registry.partner_panels.add(panels.partner_panel)
        registry.contact_panels.add(panels.contact_panel)
        for panel in panels.dashboard_panels:
            registry.dashboard_panels.add(panel)
