from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "otklik.knowledge"
    label = "knowledge"

    def ready(self) -> None:
        from otklik.jobs.public import every
        from otklik.kit import registry
        from otklik.knowledge import hooks, search
        from otklik.knowledge.operations.gaps import COMPUTE
        from otklik.knowledge.sentences import SENTENCES
        from otklik.knowledge.web import suggesting
        from otklik.knowledge.web.from_ticket import ticket_panel
        from otklik.knowledge.web.navigation import navigation_item
        from otklik.partners.public import sentences as timeline_sentences

        search.register()
        for sentence in SENTENCES:
            timeline_sentences.add(sentence)
        registry.erasure_hooks.add(hooks.erasure)
        registry.merge_hooks.add(hooks.merging)
        registry.navigation.add(navigation_item)
        registry.ticket_panels.add(ticket_panel)
        registry.ticket_panels.add(suggesting.ticket_panel)
        every("knowledge.compute_figures", COMPUTE, minutes=24 * 60)
