"""Words on screen for the closed lists."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.knowledge.rules.front_matter import FileProblem
from otklik.knowledge.rules.vocabulary import ArticleState, CameFrom, TextState, Visibility, WhyNot

Words = Mapping[str, Promise]

STATES: Words = {
    ArticleState.DRAFT: pgettext_lazy("article", "draft"),
    ArticleState.PUBLISHED: pgettext_lazy("article", "published"),
    ArticleState.ARCHIVED: pgettext_lazy("article", "archived"),
}
VISIBILITIES: Words = {
    Visibility.PUBLIC: _("everybody, without signing in"),
    Visibility.PARTNERS: _("partners"),
    Visibility.TIER: _("partners of some tiers"),
    Visibility.STAFF: _("staff only"),
}
TEXT_STATES: Words = {
    TextState.FRESH: pgettext_lazy("translation", "up to date"),
    TextState.STALE: pgettext_lazy("translation", "out of date"),
}
WHY_NOT: Words = {
    WhyNot.UNCLEAR: _("I do not understand it"),
    WhyNot.INCOMPLETE: _("Something is missing"),
    WhyNot.OUTDATED: _("It is out of date"),
    WhyNot.NOT_MY_CASE: _("It is not about my case"),
    WhyNot.DID_NOT_WORK: _("I did as it says, and it did not work"),
    WhyNot.WANT_PERSON: _("I would rather ask a person"),
}
CAME_FROM: Words = {
    CameFrom.SEARCH: pgettext_lazy("came from", "search"),
    CameFrom.SUGGESTION: pgettext_lazy("came from", "a suggestion"),
    CameFrom.ASK: pgettext_lazy("came from", "the ask page"),
    CameFrom.PORTAL: pgettext_lazy("came from", "the portal"),
    CameFrom.MAIL: pgettext_lazy("came from", "a letter"),
    CameFrom.PUBLIC: pgettext_lazy("came from", "the public page"),
}
FILE_PROBLEMS: Words = {
    FileProblem.BAD_NAME: _("the name has to be <address>.<language>.md, in small Latin letters"),
    FileProblem.TOO_LONG: _("the file is longer than 200,000 signs"),
    FileProblem.NO_FRONT_MATTER: _("the file begins with ---, lines like title: …, and --- again"),
    FileProblem.UNKNOWN_LINE: _(
        "known lines are title, folder, visibility, tiers, topics, state, review_on, source"
    ),
    FileProblem.NO_TITLE: _("there is no title"),
    FileProblem.NO_TEXT: _("there is no text"),
    FileProblem.BAD_VISIBILITY: _("visibility is public, partners, tier or staff"),
    FileProblem.NO_TIERS: _("with visibility: tier, tiers are named: tiers: gold, silver"),
    FileProblem.BAD_STATE: _("state is draft, published or archived"),
    FileProblem.BAD_DAY: _("the day is written as 2027-03-01"),
    FileProblem.TWO_SOURCES: _("two files of this article say source: true"),
}
