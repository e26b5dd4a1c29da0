"""What the closed lists of impact are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from otklik.impact.rules.vocabulary import Exposure, Outcome
from otklik.stats.impact_verdict import BadRow, Confounder, Verdict

# What is counted as a cause, for those who want to know exactly.
MEANINGS: dict[Exposure, Promise] = {
    Exposure.WAIT_MEDIAN: _("business hours until we answered: half of our answers took longer"),
    Exposure.WAIT_LONG: _("business hours until we answered: one answer in ten took longer"),
    Exposure.BREACHES: _("how many promised times passed unmet"),
    Exposure.UNANSWERED: _(
        "tickets in which the partner had the last word, and we were late with ours when the survey was "
        "answered"
    ),
    Exposure.REOPENED: _("how often a ticket that we took for solved came back"),
    Exposure.HANDED_OVER: _("how often a ticket went to another person or team"),
    Exposure.FOREIGN_LANGUAGE: _("tickets answered by somebody who does not speak their language"),
    Exposure.MONEY_HELD: _("days on which some of the partner’s money was held"),
    Exposure.PAYOUTS_LATE: _("payouts that failed or came after their day"),
    Exposure.MANAGER_CHANGED: _("how often the partner got another account manager"),
}
# The same in the ticket that CSAT is asked of, where that is another thing.
IN_TICKET: dict[Exposure, Promise] = {
    Exposure.WAIT_MEDIAN: _("business hours until our first answer"),
}
OUTCOMES: dict[Outcome, Promise] = {Outcome.NPS: _("NPS"), Outcome.CSAT: _("CSAT")}
CAUSES: dict[Exposure, Promise] = {
    Exposure.WAIT_MEDIAN: _("Usual wait for our answer"),
    Exposure.WAIT_LONG: _("The longest waits"),
    Exposure.BREACHES: _("Promised times missed"),
    Exposure.UNANSWERED: _("Tickets left without our word"),
    Exposure.REOPENED: _("Solved tickets that came back"),
    Exposure.HANDED_OVER: _("Tickets handed over"),
    Exposure.FOREIGN_LANGUAGE: _("Answered without their language"),
    Exposure.MONEY_HELD: _("Days with money held"),
    Exposure.PAYOUTS_LATE: _("Payouts failed or late"),
    Exposure.MANAGER_CHANGED: _("Change of account manager"),
}
# What else shares the variance, by its name in the report.
OTHER_DRIVERS: dict[str, Promise] = {
    "waits": _("Waits for our answers"),
    "tickets": _("How many tickets there were"),
    "topic": _("Topic of the ticket"),
    "priority": _("Priority of the ticket"),
    "mood": _("Mood of the first message"),
    "tier": _("Tier"),
    "segment": _("Segment"),
    "role": _("Role of whoever answered"),
    "channel": _("Channel of the ticket"),
    "country": _("Country"),
    "month": _("Month of the answer"),
}
VERDICTS: dict[Verdict, Promise] = {
    Verdict.EFFECT: pgettext_lazy("verdict", "an effect"),
    Verdict.NO_EFFECT_SEEN: pgettext_lazy("verdict", "no effect seen"),
    Verdict.CANNOT_TELL: pgettext_lazy("verdict", "cannot tell"),
    Verdict.REFUSED: pgettext_lazy("verdict", "not computed"),
}
# Told by shape as well as by words: colour alone says nothing to some.
SIGNS = {Verdict.EFFECT: "●", Verdict.NO_EFFECT_SEEN: "○", Verdict.CANNOT_TELL: "?", Verdict.REFUSED: "–"}
CONFOUNDERS: dict[Confounder, tuple[Promise, Promise]] = {
    Confounder.ONLY_TICKET_OPENERS_ASKED: (
        _("Perhaps only those who write to support were asked."),
        _("Whoever manages without us may feel differently, and nobody asked them."),
    ),
    Confounder.HARD_TICKETS_ARE_SLOWER: (
        _("Hard questions take longer, and annoy by themselves."),
        _("Then it is the question that lowers the score, and a faster answer would not mend it."),
    ),
    Confounder.UNHAPPY_OPEN_MORE: (
        _("The unhappy write more often."),
        _("Then the bad mood comes first, and the tickets with their delays come after it."),
    ),
    Confounder.NON_RESPONSE: (
        _("Not everybody answers surveys."),
        _("Whoever is silent may feel differently from those we heard."),
    ),
    Confounder.CHANGES_IN_TIME: (
        _("Something else may have changed at the same partner in the same months."),
        _("Its market, its people, our terms: what nobody wrote down cannot be taken out."),
    ),
    Confounder.UNITS_DIFFER: (
        _("Partners differ from each other in more than this."),
        _("Here they could not be compared with themselves."),
    ),
}
BAD_ROWS: dict[BadRow, tuple[Promise, Promise]] = {
    BadRow.IMPOSSIBLE_TIMES: (
        _("moments that cannot be"),
        _("Look for answers dated in the future or before the program began, and import them again."),
    ),
    BadRow.DUPLICATE_ANSWER: (
        _("the same answer twice"),
        _("A file was probably imported twice under different names: take one of the two imports back."),
    ),
    BadRow.SCORE_OUT_OF_RANGE: (
        _("scores off the scale"),
        _("The column of scores was probably matched to another question: import the file again."),
    ),
    BadRow.ANSWER_BEFORE_EXPOSURE: (
        _("answers older than the tickets counted for them"),
        _("The dates of imported answers or tickets are probably wrong: import them again."),
    ),
    BadRow.VALUE_UNREADABLE: (
        _("values that are no numbers"),
        _("Import those answers again from a corrected file."),
    ),
}


def driver_name(name: str) -> str:
    """Of a driver in a report; a name nobody knows is shown as it is."""
    if name in set(Exposure):
        return str(CAUSES[Exposure(name)])
    return str(OTHER_DRIVERS.get(name, name))
