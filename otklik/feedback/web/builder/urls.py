from __future__ import annotations

from django.urls import path

from otklik.feedback.web.builder import lists

urlpatterns = [path("surveys/", lists.surveys, name="surveys")]
