"""The door of feedback."""

from otklik.analytics.public import Dimension
from otklik.feedback.access import scope_of, visible_interviews, visible_responses, visible_surveys
from otklik.feedback.models import Interview, Invitation, Mention, Response, Survey, SurveyVersion, Wave
from otklik.feedback.operations.answering import GivenAnswer, take_answers
from otklik.feedback.operations.claiming import claim_invitation
from otklik.feedback.operations.noting import answer_sources
from otklik.feedback.operations.occasions import OccasionRefused, note_occasion
from otklik.feedback.operations.planning import plan_wave
from otklik.feedback.operations.responses import (
    ResponseRefused,
    ResponseRow,
    RowOutcome,
    record_response,
    record_responses,
)
from otklik.feedback.operations.settling import End as MailEnd
from otklik.feedback.operations.settling import Settled as SettledMail
from otklik.feedback.operations.settling import settle as settle_mails
from otklik.feedback.operations.sparing import spare_reminders
from otklik.feedback.operations.surveys import (
    NothingToChange,
    NoWording,
    SurveyNameTaken,
    create_survey,
    ensure_survey,
    version_survey,
)
from otklik.feedback.operations.voices.understanding import said_in
from otklik.feedback.operations.waves import NotADraft, choose_of_draft, close_wave, create_wave, start_wave
from otklik.feedback.personal import personal_data
from otklik.feedback.queries.layout import foreseen
from otklik.feedback.queries.nps_report import NpsReport, ReportFilter, nps_report
from otklik.feedback.queries.partner_side import OwnAnswer, WaitingSurvey, own_answers, waiting_surveys
from otklik.feedback.queries.question_results import QuestionResult
from otklik.feedback.queries.survey_results import Point as SurveyPoint
from otklik.feedback.queries.survey_results import ResultFilter, SurveyResults, survey_results
from otklik.feedback.queries.topic_names import topic_names
from otklik.feedback.result_words import refusal_words
from otklik.feedback.rules.periods import BackwardPeriod, custom_period
from otklik.feedback.rules.plans import Plan
from otklik.feedback.rules.results import Figure, Share, Weighted
from otklik.feedback.rules.standard_forms import StandardForm, standard_form
from otklik.feedback.rules.vocabulary import (
    REMOVED_FOR,
    SCALES,
    Channel,
    HandReason,
    InvitationState,
    Refusal,
    ResponseStatus,
    RowProblem,
    RowResult,
    SurveyKind,
    WaveMode,
    WaveState,
)
from otklik.feedback.web.answering.door import AnswerDoor
from otklik.feedback.web.waves.words import REASONS as HAND_REASONS
from otklik.feedback.web.waves.words import STATES as INVITATION_STATES

__all__ = [
    "HAND_REASONS",
    "INVITATION_STATES",
    "REMOVED_FOR",
    "SCALES",
    "AnswerDoor",
    "BackwardPeriod",
    "Channel",
    "Dimension",
    "Figure",
    "GivenAnswer",
    "HandReason",
    "Interview",
    "Invitation",
    "InvitationState",
    "MailEnd",
    "Mention",
    "NoWording",
    "NotADraft",
    "NothingToChange",
    "NpsReport",
    "OccasionRefused",
    "OwnAnswer",
    "Plan",
    "QuestionResult",
    "Refusal",
    "ReportFilter",
    "Response",
    "ResponseRefused",
    "ResponseRow",
    "ResponseStatus",
    "ResultFilter",
    "RowOutcome",
    "RowProblem",
    "RowResult",
    "SettledMail",
    "Share",
    "StandardForm",
    "Survey",
    "SurveyKind",
    "SurveyNameTaken",
    "SurveyPoint",
    "SurveyResults",
    "SurveyVersion",
    "WaitingSurvey",
    "Wave",
    "WaveMode",
    "WaveState",
    "Weighted",
    "answer_sources",
    "choose_of_draft",
    "claim_invitation",
    "close_wave",
    "create_survey",
    "create_wave",
    "custom_period",
    "ensure_survey",
    "foreseen",
    "note_occasion",
    "nps_report",
    "own_answers",
    "personal_data",
    "plan_wave",
    "record_response",
    "record_responses",
    "refusal_words",
    "said_in",
    "scope_of",
    "settle_mails",
    "spare_reminders",
    "standard_form",
    "start_wave",
    "survey_results",
    "take_answers",
    "topic_names",
    "version_survey",
    "visible_interviews",
    "visible_responses",
    "visible_surveys",
    "waiting_surveys",
]
