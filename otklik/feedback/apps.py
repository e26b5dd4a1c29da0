from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    name = "otklik.feedback"
    label = "feedback"

    def ready(self) -> None:
        from otklik.analytics.public import fact_sources
        from otklik.feedback import (
            answer_jobs,
            comment_jobs,
            comment_subscriptions,  # noqa: F401
            facts,
            hooks,
            mail_jobs,
            panels,
            sentences,
            subscriptions,  # noqa: F401
            voice_wiring,
            wave_jobs,
        )
        from otklik.feedback.imports import AnswersTarget
        from otklik.kit import registry
        from otklik.partners.imports.public import import_targets
        from otklik.partners.public import sentences as timeline_sentences

        answer_jobs.register()
        comment_jobs.register()
        mail_jobs.register()
        wave_jobs.register()
        voice_wiring.register()
        fact_sources.add(facts.responses)
        import_targets.add(AnswersTarget())
        timeline_sentences.add(sentences.answered)
        timeline_sentences.add(sentences.changed)
        registry.erasure_hooks.add(hooks.erasure)
        registry.merge_hooks.add(hooks.merging)
        registry.navigation.add(panels.navigation_item)
        registry.navigation.add(panels.surveys_item)
        registry.dashboard_panels.add(panels.dashboard_panel)
        registry.partner_panels.add(panels.partner_panel)
        registry.partner_providers.add(panels.partner_provider)
        registry.contact_providers.add(panels.contact_provider)
