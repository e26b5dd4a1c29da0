from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "otklik.payouts"
    label = "payouts"

    def ready(self) -> None:
        from otklik.analytics.public import fact_sources
        from otklik.kit import registry
        from otklik.partners.public import sentences as timeline_sentences
        from otklik.payouts import (
            hooks,
            jobs,
            panels,
            search,
            subscriptions,  # noqa: F401 (heard by being imported)
        )
        from otklik.payouts.earnings import earnings
        from otklik.payouts.facts import holds, payouts
        from otklik.payouts.sentences import SENTENCES

        fact_sources.add(payouts)
        fact_sources.add(holds)
        fact_sources.add(earnings)
        jobs.register()
        search.register()
        for sentence in SENTENCES:
            timeline_sentences.add(sentence)
        registry.erasure_hooks.add(hooks.erasure)
        registry.merge_hooks.add(hooks.merging)
        registry.navigation.add(panels.navigation_item)
        registry.partner_panels.add(panels.partner_panel)
        registry.ticket_panels.add(panels.ticket_panel)
