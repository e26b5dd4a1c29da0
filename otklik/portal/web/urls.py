"""Under /portal/. Each area has a file of its own: one line here."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from otklik.portal.web.home import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="portal-home"),
    path("", include("otklik.portal.web.entry_urls")),
    path("", include("otklik.portal.web.matters_urls")),
    path("", include("otklik.portal.web.learn_urls")),
    path("", include("otklik.portal.web.money_urls")),
    path("", include("otklik.portal.web.me_urls")),
    path("", include("otklik.portal.web.talk_urls")),
    path("", include("otklik.portal.web.start_urls")),
]
