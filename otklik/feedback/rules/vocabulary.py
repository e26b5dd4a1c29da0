from __future__ import annotations

from enum import StrEnum


class SurveyKind(StrEnum):
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"


SCALES: dict[SurveyKind, tuple[int, int]] = {
    SurveyKind.NPS: (0, 10),
    SurveyKind.CSAT: (1, 5),
    SurveyKind.CES: (1, 7),
}


class ResponseStatus(StrEnum):
    """Only complete responses count in any figure; a provisional one waits for the person's confirmation."""

    PROVISIONAL = "provisional"
    COMPLETE = "complete"


class Channel(StrEnum):
    """How the answer reached us."""

    EMAIL = "email"
    PORTAL = "portal"
    LINK = "link"
    TELEGRAM = "telegram"
    CHAT = "chat"
    PHONE = "phone"
    API = "api"
    IMPORT = "import"


class RowResult(StrEnum):
    STORED = "stored"
    SKIPPED = "skipped"
    FAILED = "failed"


class RowProblem(StrEnum):
    """Why an answer was not stored; ``DUPLICATE`` belongs to skipped, the others to failed."""

    DUPLICATE = "duplicate"
    NO_SOURCE_KEY = "no_source_key"
    SOURCE_KEY_TOO_LONG = "source_key_too_long"
    SCORE_OFF_SCALE = "score_off_scale"
    UNKNOWN_PARTNER = "unknown_partner"
    UNKNOWN_CONTACT = "unknown_contact"
    CONTACT_OF_OTHER_PARTNER = "contact_of_other_partner"
    UNKNOWN_SURVEY = "unknown_survey"
    SURVEY_OF_OTHER_PROGRAM = "survey_of_other_program"
    UNKNOWN_ROLE = "unknown_role"
    UNKNOWN_CHANNEL = "unknown_channel"
    UNKNOWN_MANAGER = "unknown_manager"
    BAD_COUNTRY = "bad_country"
    VALUE_TOO_LONG = "value_too_long"
    NO_TIME_ZONE = "no_time_zone"
    IN_THE_FUTURE = "in_the_future"
