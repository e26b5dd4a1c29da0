"""What interviews and mentions leave in the registries, called once when Django starts."""

from __future__ import annotations

from otklik.feedback import sentences, voice_jobs
from otklik.feedback.mention_imports import MentionsTarget
from otklik.feedback.voice_panel import voices_panel
from otklik.kit import registry
from otklik.partners.imports.public import import_targets
from otklik.partners.public import sentences as timeline_sentences


def register() -> None:
    voice_jobs.register()
    import_targets.add(MentionsTarget())
    registry.partner_panels.add(voices_panel)
    for sentence in sentences.VOICES:
        timeline_sentences.add(sentence)
