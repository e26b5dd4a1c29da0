"""What assist offers to the other rooms."""

from __future__ import annotations

from otklik.assist import hooks, jobs, panels, subscriptions  # noqa: F401
from otklik.assist.providers.articles import answer_from_article
from otklik.assist.providers.money import answer_hold, answer_payout, answer_traffic
from otklik.assist.providers.tickets import answer_ticket_state
from otklik.assist.registry import AnswerProvider, answer_providers
from otklik.assist.rules.vocabulary import Intent
from otklik.assist.sentences import SENTENCES
from otklik.kit import registry
from otklik.partners.public import sentences as timeline_sentences


def register() -> None:
    jobs.register()
    for sentence in SENTENCES:
        timeline_sentences.add(sentence)
    registry.erasure_hooks.add(hooks.erasure)
    registry.merge_hooks.add(hooks.merging)
    registry.navigation.add(panels.navigation_item)
    registry.ticket_panels.add(panels.ticket_panel)
    for provider in (
        AnswerProvider(Intent.PAYOUT_WHEN, answer_payout, is_money=True),
        AnswerProvider(Intent.PAYOUT_STATE, answer_payout, is_money=True),
        AnswerProvider(Intent.HOLD_WHY, answer_hold, is_money=True),
        AnswerProvider(Intent.TRAFFIC_CHECK, answer_traffic, is_money=True),
        AnswerProvider(Intent.TICKET_STATE, answer_ticket_state),
        AnswerProvider(Intent.DOCUMENT, answer_from_article),
        AnswerProvider(Intent.COURSE, answer_from_article),
    ):
        answer_providers.add(provider)
