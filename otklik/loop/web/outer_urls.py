"""Addresses of what promoters are asked for, and of what the program improves."""

from __future__ import annotations

from django.urls import URLPattern, path

from otklik.loop.web import causes_behind, improvement_telling, improvements, promoters

_ASK = "loop/asks/<int:ask_id>"
_ONE = "loop/improvements/<int:improvement_id>"

urlpatterns: list[URLPattern] = [
    path("loop/promoters/", promoters.listed, name="promoters"),
    path("loop/promoters/<int:contact_id>/", promoters.new, name="ask-new"),
    path(f"{_ASK}/", promoters.show, name="ask"),
    *(
        path(f"{_ASK}/{what}/", promoters.change, {"what": what}, name=f"ask-{what}")
        for what in promoters.CHANGES
    ),
    path(f"{_ASK}/referred/<int:partner_id>/", promoters.forget_referral, name="ask-forget-referral"),
    path("loop/causes/<int:cause_id>/alerts/", causes_behind.show, name="cause-alerts"),
    path("loop/improvements/", improvements.listed, name="improvements"),
    path("loop/improvements/new/", improvements.new, name="improvement-new"),
    path(f"{_ONE}/", improvements.show, name="improvement"),
    path(f"{_ONE}/edit/", improvements.edit, name="improvement-edit"),
    *(
        path(f"{_ONE}/{what}/", improvements.change, {"what": what}, name=f"improvement-{what}")
        for what in improvements.CHANGES
    ),
    path(f"{_ONE}/tell/", improvement_telling.tell, name="improvement-tell"),
]
