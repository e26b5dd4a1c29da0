"""Where automatic answers are given, and from which likelihood on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from otklik.assist.models import AnswerSettings, IntentSetting
from otklik.assist.rules.vocabulary import Intent
from otklik.events.public import Actor, Subject, record


class NotALikelihood(Exception):
    """A threshold lies above 0 and not above 1."""


@transaction.atomic
def switch_answers(*, in_portal: bool, by_mail: bool, by: Actor, at: datetime) -> AnswerSettings:
    kept, _made = AnswerSettings.objects.select_for_update().get_or_create(pk=1)
    if (kept.answers_in_portal, kept.answers_by_mail) != (in_portal, by_mail):
        kept.answers_in_portal, kept.answers_by_mail = in_portal, by_mail
        kept.save()
        data = {"in_portal": in_portal, "by_mail": by_mail}
        record("answers.switched", by=by, at=at, subjects=[Subject("answer_settings", kept.pk)], data=data)
    return kept


@transaction.atomic
def set_intent(
    *, intent: Intent, in_portal: bool, by_mail: bool, threshold: float | None, by: Actor, at: datetime
) -> IntentSetting:
    """``threshold`` None: the one found by the figures. Raises NotALikelihood."""
    if threshold is not None and not 0 < threshold <= 1:
        raise NotALikelihood(threshold)
    kept, _made = IntentSetting.objects.select_for_update().get_or_create(intent=intent)
    if (kept.in_portal, kept.by_mail, kept.threshold) != (in_portal, by_mail, threshold):
        kept.in_portal, kept.by_mail, kept.threshold = in_portal, by_mail, threshold
        kept.save()
        data = {
            "intent": intent.value,
            "in_portal": in_portal,
            "by_mail": by_mail,
            "threshold": threshold,
        }
        record("intent.set", by=by, at=at, subjects=[Subject("intent_setting", kept.pk)], data=data)
    return kept
