"""First steps."""

from __future__ import annotations

from django.urls import path

from otklik.portal.web import start

urlpatterns = [
    path("start/", start.show, name="portal-start"),
    path("start/<int:step_id>/", start.step, name="portal-start-step"),
]
