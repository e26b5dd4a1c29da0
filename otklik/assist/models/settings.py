from __future__ import annotations

from django.db import models

from otklik.assist.models.fields import word
from otklik.assist.rules.vocabulary import Intent


class AnswerSettings(models.Model):
    """One row. By mail nobody is answered before somebody has switched it on; until then the agent reads what
    would have been said."""

    answers_in_portal = models.BooleanField(default=True)
    answers_by_mail = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "settings of automatic answers"


class IntentSetting(models.Model):
    """``threshold`` None: the one chosen by the figures."""

    intent = word(Intent, unique=True)
    in_portal = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)
    threshold = models.FloatField(null=True)

    def __str__(self) -> str:
        return str(self.intent)
