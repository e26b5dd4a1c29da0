from __future__ import annotations

from django.urls import path

from otklik.feedback.web.answering import links, views

urlpatterns = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("s/<slug:slug>/", views.link, name="survey-link"),
    path("s/<slug:slug>/embed.js", views.embed, name="survey-embed"),
    path("surveys/<int:survey_id>/links/", links.links, name="survey-links"),
    path("surveys/<int:survey_id>/links/<int:link_id>/", links.link, name="survey-link-edit"),
    path("surveys/<int:survey_id>/links/<int:link_id>/code.svg", links.code, name="survey-link-code"),
]
