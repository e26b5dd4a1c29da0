from otklik.feedback.models.response import Response
from otklik.feedback.models.survey import Survey, SurveyVersion

__all__ = ["Response", "Survey", "SurveyVersion"]
