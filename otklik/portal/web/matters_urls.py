from __future__ import annotations

from django.urls import path

from otklik.portal.web import ask, channels, matters, surveys, translating

urlpatterns = [
    path("matters/", matters.matters, name="portal-matters"),
    path("matters/<int:ticket_id>/", matters.matter, name="portal-matter"),
    path("matters/<int:ticket_id>/messages/", matters.write, name="portal-matter-write"),
    path("matters/<int:ticket_id>/solved/", matters.solve, name="portal-matter-solve"),
    path("matters/<int:ticket_id>/rating/", matters.rate, name="portal-matter-rate"),
    path("matters/<int:ticket_id>/readers/", matters.add_reader, name="portal-matter-reader-add"),
    path(
        "matters/<int:ticket_id>/readers/<int:participant_id>/",
        matters.remove_reader,
        name="portal-matter-reader-remove",
    ),
    path(
        "matters/<int:ticket_id>/messages/<int:message_id>/translation/",
        translating.translate,
        name="portal-matter-translate",
    ),
    path("matters/<int:ticket_id>/files/<int:attachment_id>/", matters.file, name="portal-matter-file"),
    path("ask/", ask.ask, name="portal-ask"),
    path("ask/found/", ask.found, name="portal-ask-found"),
    path("ask/topic/", ask.topic, name="portal-ask-topic"),
    path("ask/answer/", ask.answer, name="portal-ask-answer"),
    path("ask/answer/<int:answer_id>/", ask.settle, name="portal-ask-settle"),
    path("channels/", channels.channels, name="portal-channels"),
    path("surveys/", surveys.surveys, name="portal-surveys"),
]
