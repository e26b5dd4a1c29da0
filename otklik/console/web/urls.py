from __future__ import annotations

from django.urls import path

from otklik.console.web import views

urlpatterns = [
    path("operations/", views.operations, name="operations"),
    path("operations/state", views.operations_state, name="operations_state"),
    path("operations/quarantine/<int:item_id>/replay", views.replay, name="quarantine_replay"),
    path("operations/quarantine/<int:item_id>/dismissal", views.dismissal, name="quarantine_dismissal"),
]
