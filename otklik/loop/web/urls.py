from __future__ import annotations

from django.urls import URLPattern, path

from otklik.loop.web import alerts, board

_ALERT = "loop/alerts/<int:alert_id>"

urlpatterns: list[URLPattern] = [
    path("loop/", board.show, name="loop"),
    path(f"{_ALERT}/", alerts.show, name="alert"),
    path(f"{_ALERT}/follow-up/", alerts.change, {"what": "spoken"}, name="alert-follow-up"),
    path(f"{_ALERT}/promise/", alerts.change, {"what": "promise"}, name="alert-promise"),
    path(f"{_ALERT}/snooze/", alerts.change, {"what": "snooze"}, name="alert-snooze"),
    path(f"{_ALERT}/wake/", alerts.wake, name="alert-wake"),
    path(f"{_ALERT}/told/", alerts.change, {"what": "told"}, name="alert-told"),
    path(f"{_ALERT}/again/", alerts.change, {"what": "again"}, name="alert-again"),
    path(f"{_ALERT}/owner/", alerts.change, {"what": "owner"}, name="alert-owner"),
    path(f"{_ALERT}/close/", alerts.change, {"what": "close"}, name="alert-close"),
    path(f"{_ALERT}/reopen/", alerts.reopen, name="alert-reopen"),
]
