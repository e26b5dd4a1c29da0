"""Addresses that a mail gives to the outside. They open one ticket, by its key."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import pgettext

from otklik.desk.models import Ticket
from otklik.desk.queries.doors import key_for
from otklik.desk.rules.vocabulary import Side

PAGE, RATING = "public-ticket", "public-rating"


@dataclass(frozen=True, slots=True)
class RatingLink:
    label: str
    url: str


def ticket_page(side: Side, ticket: Ticket) -> str:
    """How it stands, with "not solved"; "" where this installation shows no such page.

    The ticket's own key opens what the partner reads: an end customer is given one of theirs."""
    key = key_for(side, ticket)
    return _address(PAGE, key) if key else ""


def rating_links(side: Side, ticket: Ticket) -> list[RatingLink]:
    """Best first, in the active language. Opening one only asks; the answer counts once it is confirmed. None
    for an end customer: the rating is the partner's."""
    page = _address(RATING, ticket.public_key) if side is Side.PARTNER else ""
    words = {
        5: pgettext("rating of help", "very well"),
        4: pgettext("rating of help", "well"),
        3: pgettext("rating of help", "so-so"),
        2: pgettext("rating of help", "badly"),
        1: pgettext("rating of help", "not at all"),
    }
    return [RatingLink(word, f"{page}?value={value}") for value, word in words.items()] if page else []


def _address(name: str, key: str) -> str:
    try:
        return f"{settings.OTKLIK.public_url}{reverse(name, args=[key])}"
    except NoReverseMatch:
        return ""
