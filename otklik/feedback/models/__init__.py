from otklik.feedback.models.asking import AskingRules, Objection
from otklik.feedback.models.response import AnswerTrace, Response
from otklik.feedback.models.survey import Survey, SurveyLink, SurveyVersion
from otklik.feedback.models.wave import Invitation, Wave

__all__ = [
    "AnswerTrace",
    "AskingRules",
    "Invitation",
    "Objection",
    "Response",
    "Survey",
    "SurveyLink",
    "SurveyVersion",
    "Wave",
]
