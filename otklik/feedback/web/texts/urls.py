from __future__ import annotations

from django.urls import path

from otklik.feedback.web.texts import dictionaries, views

urlpatterns = [
    path("surveys/comments/", views.comments, name="survey-comments"),
    path("surveys/comments/summary/", views.summary, name="survey-comment-summary"),
    path("surveys/comments/<int:response_id>/", views.comment, name="survey-comment"),
    path("surveys/topics/", dictionaries.topics, name="survey-topics"),
    path("surveys/topics/new/", dictionaries.topic, name="survey-topic-new"),
    path("surveys/topics/<slug:topic_key>/", dictionaries.topic, name="survey-topic"),
]
