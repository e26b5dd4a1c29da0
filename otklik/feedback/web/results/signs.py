"""The page of signs of gaming: what each means, how many there are, and how many chance makes."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from otklik.feedback.access import scope_of
from otklik.feedback.queries.signs import Case, Found, signs
from otklik.feedback.rules.signs import Apart, Sign
from otklik.identity.public import Right, StaffRequest, needs
from otklik.kit.clock import now
from otklik.kit.templatetags.otklik import figure as number
from otklik.kit.templatetags.otklik import percent, signed

# So unlikely by chance that it is worth a question.
UNLIKELY = 0.05
TITLES: dict[Sign, Promise] = {
    Sign.ADDRESS_CHANGED: _("Address changed shortly before the send"),
    Sign.OWN_DOMAIN: _("Answers from addresses of our own"),
    Sign.OWN_NETWORK: _("Answers from our own network"),
    Sign.ONE_DEVICE: _("Several people on one device"),
    Sign.PICKED_BY_HAND: _("People picked by hand"),
    Sign.LEFT_OUT_AGAIN: _("People left out by hand again and again"),
    Sign.ABOVE_ELSEWHERE: _("Scores far above those of the same people elsewhere"),
    Sign.FAST: _("Answers within seconds of the send"),
}
MEANINGS: dict[Sign, Promise] = {
    Sign.ADDRESS_CHANGED: _(
        "A colleague changed the address within 14 days before the invitation went out, and it was answered. "
        "Mostly people really have a new address; the answer may also be somebody else’s."
    ),
    Sign.OWN_DOMAIN: _(
        "The invitation went to an address of one of our own domains and was answered. Our domains stand in "
        "the rules of asking."
    ),
    Sign.OWN_NETWORK: _(
        "The answer came from one of our own networks. Somebody visiting the office does that too. Kept for "
        "30 days."
    ),
    Sign.ONE_DEVICE: _(
        "Answers of several people came from one device. Within one partner that may be a shared computer; "
        "over several partners it is worth a question. Kept for 30 days."
    ),
    Sign.PICKED_BY_HAND: _(
        "A colleague chose whom to ask. That is allowed, and it is easy to choose the happy ones: each share "
        "of good answers stands beside that of people nobody picked."
    ),
    Sign.LEFT_OUT_AGAIN: _(
        "A person was taken out of the sample by hand twice or more within a year. Those who are never asked "
        "never lower a score."
    ),
    Sign.ABOVE_ELSEWHERE: _(
        "People of an account manager give higher scores in this survey than they themselves give in other "
        "surveys and for tickets, by more than other people of the survey do."
    ),
    Sign.FAST: _(
        "The answer was confirmed less than 20 seconds after the send. A mail takes longer to be read; a "
        "link handed over on the spot does not. Kept for 30 days."
    ),
}


@dataclass(frozen=True, slots=True)
class Part:
    found: Found
    title: Promise
    meaning: Promise
    amount: str
    chance: str
    is_unlikely: bool

    def lines(self) -> list[tuple[Case, str]]:
        return [(case, _detail(self.found.sign, case)) for case in self.found.cases]


@require_safe
@needs(Right.SEE_FEEDBACK)
def survey_signs(request: StaffRequest) -> HttpResponse:
    parts = [_part(found) for found in signs(scope_of(request.user), at=now())]
    context = {
        "parts": sorted(parts, key=lambda part: (not part.is_unlikely, not part.found.count)),
        "is_quiet": not any(part.found.count for part in parts),
    }
    return render(request, "feedback/results/signs.html", context)


def _part(found: Found) -> Part:
    chance = found.chance
    is_unlikely = found.count > 0 and chance is not None and chance < UNLIKELY
    amount = gettext("%(count)s of %(all)s") % {"count": number(found.count), "all": number(found.looked_at)}
    return Part(
        found, TITLES[found.sign], MEANINGS[found.sign], amount, _chance_words(found, chance), is_unlikely
    )


def _chance_words(found: Found, chance: float | None) -> str:
    if found.count == 0:
        return gettext("Nothing to see.")
    if found.sign is Sign.ABOVE_ELSEWHERE:
        return gettext("The intervals allow for how many were compared: chance shows one on 1 page in 20.")
    if found.expected is None or chance is None:
        return gettext("How many of them chance makes cannot be told: look at the cases.")
    odds = gettext("less than 0.1%") if chance < 0.001 else percent(chance, 1)
    if found.expected < 0.1:
        text = gettext("By chance hardly any would be seen; as many as here with a chance of %(odds)s.")
        return text % {"odds": odds}
    return gettext(
        "By chance about %(expected)s would be seen; as many as here with a chance of %(odds)s."
    ) % {
        "expected": number(found.expected, 1),
        "odds": odds,
    }


def _detail(sign: Sign, case: Case) -> str:
    match sign:
        case Sign.ADDRESS_CHANGED if case.who:
            return gettext("changed by %(name)s") % {"name": case.who}
        case Sign.FAST:
            return ngettext("%(n)s second", "%(n)s seconds", case.times or 0) % {"n": number(case.times)}
        case Sign.ONE_DEVICE:
            return case.who
        case Sign.PICKED_BY_HAND:
            n = case.times or 0
            text = ngettext("%(n)s person picked", "%(n)s people picked", n) % {"n": number(n)}
            return f"{text}; {_apart_words(case.apart)}"
        case Sign.LEFT_OUT_AGAIN:
            return ngettext("left out %(n)s time", "left out %(n)s times", case.times or 0) % {
                "n": number(case.times)
            }
        case Sign.ABOVE_ELSEWHERE:
            n = case.times or 0
            text = ngettext("%(n)s person", "%(n)s people", n) % {"n": number(n)}
            return f"{text}; {_apart_words(case.apart)}"
    return ""


def _apart_words(apart: Apart | None) -> str:
    if apart is None:
        return gettext("too few to compare")
    return gettext("%(change)s percentage points against the others (%(low)s … %(high)s)") % {
        "change": signed(apart.difference * 100),
        "low": signed(apart.interval.low * 100),
        "high": signed(apart.interval.high * 100),
    }
