"""What the partner CRM offers to the frame, to search and to erasure and merging."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from otklik.analytics.public import fact_sources
from otklik.identity.public import Right, User
from otklik.kit.registry import (
    NavigationItem,
    Text,
    TopicGuard,
    erasure_hooks,
    merge_hooks,
    navigation,
    topic_guards,
)
from otklik.partners import access, hooks
from otklik.partners.facts import standings
from otklik.partners.operations.documents import all_contact_documents, all_partner_documents
from otklik.partners.sentences import register as register_sentences
from otklik.partners.timeline import sentences
from otklik.search.public import SearchKind, search_kinds


def register() -> None:
    fact_sources.add(standings)
    navigation.add(
        NavigationItem("partners", _("Partners"), "partners", "building", order=20, right=Right.SEE_PARTNERS)
    )
    navigation.add(
        NavigationItem(
            "programs",
            _("Programs"),
            "programs",
            "settings",
            order=920,
            right=Right.MANAGE_PROGRAMS,
            section="settings",
        )
    )
    search_kinds.add(_kind("partner", _("Partners"), order=10))
    search_kinds.add(_kind("contact", _("People"), order=20))
    erasure_hooks.add(hooks.erasure)
    merge_hooks.add(hooks.merging)
    topic_guards.add(TopicGuard("partner", may_watch_partner))
    topic_guards.add(TopicGuard("contact", may_watch_contact))
    register_sentences(sentences)


def may_watch_partner(user: User, which: str) -> bool:
    """A star says only that some partner changed, which whoever has a list of partners may hear."""
    if which == "*":
        return user.may(Right.SEE_PARTNERS)
    return which.isdigit() and access.visible_partners(user).filter(pk=int(which)).exists()


def may_watch_contact(user: User, which: str) -> bool:
    return which.isdigit() and access.visible_contacts(user).filter(pk=int(which)).exists()


def _kind(name: str, label: Text, order: int) -> SearchKind:
    return SearchKind(
        name=name,
        label=label,
        scope=access.partner_scope if name == "partner" else access.contact_scope,
        links=lambda ids: {pk: reverse(name, args=[pk]) for pk in ids},
        documents=all_partner_documents if name == "partner" else all_contact_documents,
        right=Right.SEE_PARTNERS,
        order=order,
    )
