from __future__ import annotations

from django.urls import path

from otklik.edge.web import views

urlpatterns = [path("live/ticket", views.live_ticket, name="live_ticket")]
