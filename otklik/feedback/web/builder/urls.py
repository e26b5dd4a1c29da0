from __future__ import annotations

from django.urls import path

from otklik.feedback.web.builder import creating, editor, lists

urlpatterns = [
    path("surveys/", lists.surveys, name="surveys"),
    path("surveys/new/", creating.new, name="survey-new"),
    path("surveys/<int:survey_id>/form/", editor.form, name="survey-form"),
    path("surveys/<int:survey_id>/form/preview/", editor.preview, name="survey-preview"),
    path("surveys/<int:survey_id>/versions/<int:number>/", editor.version, name="survey-version"),
    path("surveys/<int:survey_id>/archive/", editor.archive, name="survey-archive"),
    path("surveys/<int:survey_id>/restore/", editor.restore, name="survey-restore"),
]
