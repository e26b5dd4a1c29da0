"""Words of this room. Pure: no Django."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

# A job that was handed out this often without an end is put aside for a person.
MAX_DELIVERIES = 6
# The beat comes every minute through the same queue as everything else; three missed ones are a silence.
SILENT_AFTER = timedelta(minutes=3)


class ProgressState(StrEnum):
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


class QuarantineState(StrEnum):
    WAITING = "waiting"
    REPLAYED = "replayed"
    DISMISSED = "dismissed"


class MailState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    REFUSED = "refused"
