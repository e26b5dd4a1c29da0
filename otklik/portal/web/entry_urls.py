from __future__ import annotations

from django.urls import path

from otklik.portal.web import entry

urlpatterns = [
    path("sign-in/", entry.sign_in, name="portal-sign-in"),
    path("sign-out/", entry.sign_out, name="portal-sign-out"),
]
