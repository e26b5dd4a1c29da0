"""The door of feedback."""

from otklik.analytics.public import Dimension
from otklik.feedback.access import scope_of, visible_responses, visible_surveys
from otklik.feedback.models import Response, Survey, SurveyVersion
from otklik.feedback.operations.responses import (
    ResponseRefused,
    ResponseRow,
    RowOutcome,
    record_response,
    record_responses,
)
from otklik.feedback.operations.surveys import (
    NothingToChange,
    NoWording,
    SurveyNameTaken,
    create_survey,
    ensure_survey,
    version_survey,
)
from otklik.feedback.queries.nps_report import NpsReport, ReportFilter, nps_report
from otklik.feedback.queries.question_results import QuestionResult
from otklik.feedback.queries.survey_results import Point as SurveyPoint
from otklik.feedback.queries.survey_results import ResultFilter, SurveyResults, survey_results
from otklik.feedback.rules.periods import BackwardPeriod, custom_period
from otklik.feedback.rules.results import Figure, Share, Weighted
from otklik.feedback.rules.vocabulary import (
    SCALES,
    Channel,
    ResponseStatus,
    RowProblem,
    RowResult,
    SurveyKind,
)
from otklik.feedback.web.answering.door import AnswerDoor

__all__ = [
    "SCALES",
    "AnswerDoor",
    "BackwardPeriod",
    "Channel",
    "Dimension",
    "Figure",
    "NoWording",
    "NothingToChange",
    "NpsReport",
    "QuestionResult",
    "ReportFilter",
    "Response",
    "ResponseRefused",
    "ResponseRow",
    "ResponseStatus",
    "ResultFilter",
    "RowOutcome",
    "RowProblem",
    "RowResult",
    "Share",
    "Survey",
    "SurveyKind",
    "SurveyNameTaken",
    "SurveyPoint",
    "SurveyResults",
    "SurveyVersion",
    "Weighted",
    "create_survey",
    "custom_period",
    "ensure_survey",
    "nps_report",
    "record_response",
    "record_responses",
    "scope_of",
    "survey_results",
    "version_survey",
    "visible_responses",
    "visible_surveys",
]
