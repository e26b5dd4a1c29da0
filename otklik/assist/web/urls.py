from __future__ import annotations

from django.urls import path

from otklik.assist.web import answers, notices

urlpatterns = [
    path("answers/", answers.show, name="answers"),
    path("answers/switch/", answers.switch, name="answers-switch"),
    path("answers/learn/", answers.learn, name="answers-learn"),
    path("answers/review/", answers.review, name="answers-review"),
    path("answers/beside-ticket/<int:ticket_id>/", answers.beside, name="answer-beside-ticket"),
    path("answers/<int:told_id>/review/", answers.judge, name="answer-judge"),
    path("answers/examples/<int:example_id>/move/", answers.move, name="example-move"),
    path("answers/examples/<int:example_id>/switch/", answers.switch_one, name="example-switch"),
    path("answers/notices/", notices.show, name="answers-notices"),
    path("answers/notices/<slug:kind_name>/", notices.save, name="answers-notice-save"),
    path("notices/stop/<str:token>/", notices.stop, name="notice-stop"),
    path("answers/of/<slug:intent_name>/", answers.intent, name="answers-intent"),
    path("answers/of/<slug:intent_name>/save/", answers.save_intent, name="answers-intent-save"),
    path("answers/of/<slug:intent_name>/add/", answers.add, name="example-add"),
]
