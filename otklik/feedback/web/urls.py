from __future__ import annotations

from django.urls import include, path

from otklik.feedback.web import views

urlpatterns = [
    path("nps/", views.nps, name="nps"),
    path("nps/table.csv", views.nps_csv, name="nps-csv"),
    path("nps/method/", views.nps_method, name="nps-method"),
    path("", include("otklik.feedback.web.builder.urls")),
    path("", include("otklik.feedback.web.waves.urls")),
    path("", include("otklik.feedback.web.answering.urls")),
    path("", include("otklik.feedback.web.mailing.urls")),
    path("", include("otklik.feedback.web.results.urls")),
    path("", include("otklik.feedback.web.texts.urls")),
    path("", include("otklik.feedback.web.voices.urls")),
]
