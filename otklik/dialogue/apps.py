from django.apps import AppConfig


class DialogueConfig(AppConfig):
    name = "otklik.dialogue"
    label = "dialogue"

    def ready(self) -> None:
        from otklik.dialogue import hooks, jobs, panels, search
        from otklik.dialogue.sentences import SENTENCES
        from otklik.kit import registry
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
        registry.partner_panels.add(panels.partner_panel)
