"""What the words of the vocabulary are called on screen."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from otklik.analytics.public import Dimension
from otklik.feedback.rules.periods import Against, Preset, Step
from otklik.feedback.rules.vocabulary import Channel, SurveyKind, WaveState
from otklik.partners.public import ROLE, ContactRole, label

DIMENSION_LABELS: dict[Dimension, Promise] = {
    Dimension.PROGRAM: _("Program"),
    Dimension.SEGMENT: _("Segment"),
    Dimension.TIER: _("Tier"),
    Dimension.COUNTRY: _("Country"),
    Dimension.MANAGER: _("Account manager"),
    Dimension.ROLE: _("Role"),
    Dimension.CHANNEL: _("Channel"),
}
# Headings over a breakdown.
BREAKDOWN_LABELS: dict[Dimension, Promise] = {
    Dimension.PROGRAM: _("By program"),
    Dimension.SEGMENT: _("By segment"),
    Dimension.TIER: _("By tier"),
    Dimension.COUNTRY: _("By country"),
    Dimension.MANAGER: _("By account manager"),
    Dimension.ROLE: _("By role of the person"),
    Dimension.CHANNEL: _("By channel of the answer"),
}
CHANNEL_LABELS: dict[Channel, str | Promise] = {
    Channel.EMAIL: _("E-mail"),
    Channel.PORTAL: _("Partner portal"),
    Channel.LINK: _("Link"),
    Channel.TELEGRAM: "Telegram",
    Channel.CHAT: _("Chat"),
    Channel.PHONE: _("Phone"),
    Channel.API: "API",
    Channel.IMPORT: _("Import"),
}
SURVEY_KIND_LABELS: dict[SurveyKind, str] = {
    SurveyKind.NPS: "NPS",
    SurveyKind.CSAT: "CSAT",
    SurveyKind.CES: "CES",
}
WAVE_STATE_LABELS: dict[WaveState, Promise] = {
    WaveState.DRAFT: pgettext_lazy("wave", "draft"),
    WaveState.PLANNING: pgettext_lazy("wave", "being planned"),
    WaveState.RUNNING: pgettext_lazy("wave", "running"),
    WaveState.CLOSED: pgettext_lazy("wave", "closed"),
    WaveState.CANCELLED: pgettext_lazy("wave", "called off"),
}
PRESET_LABELS: dict[Preset, Promise] = {
    Preset.LAST_12_MONTHS: _("Last 12 months"),
    Preset.LAST_24_MONTHS: _("Last 24 months"),
    Preset.THIS_QUARTER: _("This quarter"),
    Preset.LAST_QUARTER: _("Last quarter"),
    Preset.THIS_YEAR: _("This year"),
    Preset.LAST_YEAR: _("Last year"),
    Preset.CUSTOM: _("Chosen dates"),
}
AGAINST_LABELS: dict[Against, Promise] = {
    Against.PREVIOUS: _("the period before"),
    Against.YEAR_AGO: _("the same period a year ago"),
}
STEP_LABELS: dict[Step, Promise] = {Step.MONTH: _("Months"), Step.QUARTER: _("Quarters")}


def role_name(role: str) -> str:
    """As it stands in a chart or beside a name."""
    if role == ContactRole.UNKNOWN:
        return gettext("Role not known")
    return str(capfirst(label(ROLE, role)))
