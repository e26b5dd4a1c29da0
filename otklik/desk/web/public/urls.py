"""Addresses that need no account."""

from __future__ import annotations

from django.urls import path

from otklik.desk.web.public import asking, calls, status

urlpatterns = [
    path("ask/<slug:slug>/", asking.ask, name="public-form"),
    path("t/<str:page_key>/", status.show, name="public-ticket"),
    path("t/<str:page_key>/messages/", status.write, name="public-message"),
    path("t/<str:page_key>/rating/", status.rating, name="public-rating"),
    path("t/<str:page_key>/callback/", status.callback, name="public-callback"),
    path("t/<str:page_key>/files/<int:attachment_id>/", status.file, name="public-file"),
    path("desk/hooks/calls/<str:key>/", calls.incoming, name="call-webhook"),
]
