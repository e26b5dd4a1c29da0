"""What stands around the words of a form, in its language: where no translation is, in English."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from otklik.feedback.rules.vocabulary import SurveyKind

_FROM_THE_RIGHT = frozenset({"ar", "arc", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Frame:
    language: str
    subject: str
    intro: str
    low: str
    high: str
    confirm: str
    open_page: str
    why: str
    stop: str

    @property
    def direction(self) -> str:
        return "rtl" if self.language.split("-")[0] in _FROM_THE_RIGHT else "ltr"


def frame_of(kind: SurveyKind, language: str, words: Mapping[str, str], *, is_reminder: bool) -> Frame:
    """The form's own words first, those of a reminder before those of the invitation."""
    with translation.override(language if translation.check_for_language(language) else "en"):
        subject = words.get("subject") or _("One question about {program}")
        intro = words.get("intro") or _(
            "Hello {name}!\n\nPlease answer one question about {program}. It takes ten seconds."
        )
        if is_reminder:
            subject = words.get("reminder_subject") or _("Reminder: {subject}").replace("{subject}", subject)
            intro = words.get("reminder_intro") or _(
                "Hello {name}!\n\nWe wrote to you some days ago and would still like to hear from you: "
                "one tap is enough. If you would rather not be asked, there is a link for that below."
            )
        low, high = _ends(kind)
        return Frame(
            language=language,
            subject=subject,
            intro=intro,
            low=words.get("low") or low,
            high=words.get("high") or high,
            confirm=_("A tap opens a page where you confirm your score and may add a few words."),
            open_page=_("Open the question as a page"),
            why=_("You get this because you work with {program}."),
            stop=_("Do not ask me any more"),
        )


def _ends(kind: SurveyKind) -> tuple[str, str]:
    match kind:
        case SurveyKind.NPS:
            return _("Not at all likely"), _("Extremely likely")
        case SurveyKind.CSAT:
            return _("Very dissatisfied"), _("Very satisfied")
        case SurveyKind.CES:
            return _("Very hard"), _("Very easy")
