from __future__ import annotations

from django.urls import path

from otklik.feedback.web.answering import views

urlpatterns = [
    path("a/<str:token>/", views.answer, name="answer"),
    path("s/<slug:slug>/", views.link, name="survey-link"),
    path("s/<slug:slug>/embed.js", views.embed, name="survey-embed"),
]
