"""What the parts of a form, its troubles and its changes are called on screen."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from otklik.feedback.rules.form_review import Change, ChangeKind, Trouble
from otklik.feedback.rules.forms import (
    LONGEST_OPTION,
    LONGEST_WORDS,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    Band,
    FormProblem,
    QuestionKind,
    band_of,
)
from otklik.feedback.rules.mail_words import Variable
from otklik.feedback.rules.standard_forms import StandardForm
from otklik.feedback.rules.vocabulary import SCALES, SurveyKind
from otklik.kit.registry import Text
from otklik.kit.templatetags.otklik import figure
from otklik.partners.public import language_name

STANDARD_FORMS: Mapping[StandardForm, tuple[Promise, Promise]] = {
    StandardForm.RELATIONAL: (
        gettext_lazy("Loyalty to the program"),
        gettext_lazy("Asked twice a year or so, of everybody or of a sample."),
    ),
    StandardForm.TICKET_CSAT: (
        gettext_lazy("Satisfaction after a ticket"),
        gettext_lazy("Were they content with how the request was handled?"),
    ),
    StandardForm.TICKET_CES: (
        gettext_lazy("Effort after a ticket"),
        gettext_lazy("How much effort did it cost them to get help?"),
    ),
    StandardForm.PAYOUT: (
        gettext_lazy("After a payout"),
        gettext_lazy("Was everything right with the money and the papers?"),
    ),
    StandardForm.ONBOARDING: (
        gettext_lazy("After the first steps"),
        gettext_lazy("How easy was it to get started in the program?"),
    ),
    StandardForm.COURSE: (
        gettext_lazy("After a course"),
        gettext_lazy("Was it worth their time?"),
    ),
}

QUESTION_KINDS: Mapping[QuestionKind, Promise] = {
    QuestionKind.CHOICE: gettext_lazy("One of several options"),
    QuestionKind.CHOICES: gettext_lazy("Several options"),
    QuestionKind.TEXT: gettext_lazy("Words of their own"),
    QuestionKind.CSAT: gettext_lazy("Five faces (CSAT, 1–5)"),
    QuestionKind.CES: gettext_lazy("How easy (CES, 1–7)"),
}

_WORDS: Mapping[str, Promise] = {
    "question": gettext_lazy("Question that asks for the score"),
    "low": gettext_lazy("Lower end of the scale"),
    "high": gettext_lazy("Upper end of the scale"),
    "follow_up": gettext_lazy("Question about the reason"),
    "contact": gettext_lazy("May we contact you?"),
    "thanks": gettext_lazy("Thanks after the answer"),
    "subject": gettext_lazy("Subject of the mail"),
    "intro": gettext_lazy("First words of the mail"),
    "reminder_subject": gettext_lazy("Subject of the reminder"),
    "reminder_intro": gettext_lazy("First words of the reminder"),
}
PARTS: tuple[tuple[Promise, Promise | str, tuple[str, ...]], ...] = (
    (pgettext_lazy("part of a survey's form", "The score"), "", ("question", "low", "high")),
    (
        gettext_lazy("After the score"),
        gettext_lazy("Where a group has no question of its own, everybody is asked the general one."),
        ("follow_up", "follow_up_low", "follow_up_middle", "follow_up_high", "contact", "thanks"),
    ),
    (
        pgettext_lazy("part of a survey's form", "In the mail"),
        gettext_lazy("{name}, {program} and {manager} are filled in for each person. Empty: standard words."),
        ("subject", "intro", "reminder_subject", "reminder_intro"),
    ),
)
LONG_WORDS = {"question", "thanks", "intro", "reminder_intro"}


def word_label(kind: SurveyKind, word: str) -> Text:
    if word in _WORDS:
        return _WORDS[word]
    band = Band(word.removeprefix("follow_up_"))
    least, most = SCALES[kind]
    scores = [n for n in range(least, most + 1) if band_of(kind, n) is band]
    return _("Question about the reason, for %(low)s–%(high)s") % {"low": scores[0], "high": scores[-1]}


def trouble_words(trouble: Trouble) -> str:
    match trouble.problem:
        case FormProblem.NO_QUESTION:
            return _("Write the question: nobody can answer without it.")
        case FormProblem.WORDS_TOO_LONG:
            return _("Too long: at most %(most)s characters.") % {"most": figure(LONGEST_WORDS)}
        case FormProblem.TOO_MANY_QUESTIONS:
            return _("At most %(most)s questions: who asks more gets no answers.") % {"most": MOST_QUESTIONS}
        case FormProblem.BAD_BRANCH:
            return _("The lower score stands first, and both lie on the scale.")
        case FormProblem.NO_LABEL:
            return _("Write the question, in at most %(most)s characters.") % {"most": figure(LONGEST_WORDS)}
        case FormProblem.BAD_OPTIONS if not trouble.language:
            return _("Every language needs the same number of options, in the same order.")
        case FormProblem.BAD_OPTIONS:
            return _("From 2 to %(most)s options, one on each line, each of at most %(long)s characters.") % {
                "most": MOST_OPTIONS,
                "long": LONGEST_OPTION,
            }
        case FormProblem.OPTION_TWICE:
            return _("“%(option)s” is there twice. Give every option a name of its own.") % {
                "option": trouble.detail
            }
        case FormProblem.BROKEN_VARIABLE:
            known = ", ".join(f"{{{variable}}}" for variable in Variable)
            return _("There is no %(written)s. What can be filled in: %(known)s.") % {
                "written": trouble.detail,
                "known": known,
            }
    return _("This question cannot be read. Remove it and add it anew.")


def change_words(kind: SurveyKind, change: Change) -> str:
    """One line of the history; the words before and after stand beneath it."""
    language = language_name(change.language)
    match change.kind:
        case ChangeKind.LANGUAGE_ADDED:
            return _("Language added: %(language)s") % {"language": language}
        case ChangeKind.LANGUAGE_REMOVED:
            return _("Language taken out: %(language)s") % {"language": language}
        case ChangeKind.WORDS:
            names = {"word": word_label(kind, change.word), "language": language}
            return _("%(word)s (%(language)s)") % names
        case ChangeKind.QUESTION_ADDED:
            return _("Question added")
        case ChangeKind.QUESTION_REMOVED:
            return _("Question taken out")
        case ChangeKind.QUESTION_CHANGED:
            return _("Question changed")
        case ChangeKind.ORDER:
            return _("Questions put in another order")
        case ChangeKind.CONTACT_ASKED:
            return _("People are asked whether they may be contacted")
        case _:
            return _("People are no longer asked whether they may be contacted")
