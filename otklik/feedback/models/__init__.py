from otklik.feedback.models.asking import AskingRules, Objection
from otklik.feedback.models.interview import GuideVersion, Interview, InterviewGuide, InterviewQuote
from otklik.feedback.models.mention import FeedDelivery, Mention, MentionFeed
from otklik.feedback.models.response import AnswerTrace, Response
from otklik.feedback.models.survey import Survey, SurveyLink, SurveyVersion
from otklik.feedback.models.texts import CommentReading, CommentSummary, CommentTopic
from otklik.feedback.models.wave import Invitation, Wave, WaveSeries

__all__ = [
    "AnswerTrace",
    "AskingRules",
    "CommentReading",
    "CommentSummary",
    "CommentTopic",
    "FeedDelivery",
    "GuideVersion",
    "Interview",
    "InterviewGuide",
    "InterviewQuote",
    "Invitation",
    "Mention",
    "MentionFeed",
    "Objection",
    "Response",
    "Survey",
    "SurveyLink",
    "SurveyVersion",
    "Wave",
    "WaveSeries",
]
