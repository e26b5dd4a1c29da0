from __future__ import annotations

from django.urls import path

from otklik.feedback.web.mailing import rules, stopping

urlpatterns = [
    path("a/<str:token>/stop/", stopping.stop, name="answer-stop"),
    path("surveys/rules/", rules.rules, name="asking-rules"),
    path("surveys/rules/objections/<int:objection_id>/lift/", rules.lift, name="objection-lift"),
]
