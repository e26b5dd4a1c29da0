from __future__ import annotations

from django.urls import path

from otklik.feedback.web import views

urlpatterns = [
    path("nps/", views.nps, name="nps"),
    path("nps/table.csv", views.nps_csv, name="nps-csv"),
    path("nps/method/", views.nps_method, name="nps-method"),
]
