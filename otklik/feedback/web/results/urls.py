from __future__ import annotations

from django.urls import path

from otklik.feedback.web.results import exports, people, signs, views

urlpatterns = [
    path("surveys/signs/", signs.survey_signs, name="survey-signs"),
    path("surveys/<int:survey_id>/", views.results, name="survey"),
    path("surveys/<int:survey_id>/answers.csv", exports.answers_csv, name="survey-answers-csv"),
    path("surveys/<int:survey_id>/answers.xlsx", exports.answers_xlsx, name="survey-answers-xlsx"),
    path("surveys/<int:survey_id>/figures.csv", exports.summary_csv, name="survey-figures-csv"),
    path("surveys/<int:survey_id>/figures.xlsx", exports.summary_xlsx, name="survey-figures-xlsx"),
    path("surveys/<int:survey_id>/people/", people.people, name="survey-people"),
    path("surveys/<int:survey_id>/people/spare/", people.spare, name="survey-people-spare"),
    path("surveys/<int:survey_id>/people.csv", people.people_csv, name="survey-people-csv"),
]
