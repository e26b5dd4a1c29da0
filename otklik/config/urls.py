"""Every address of the web process. Each app keeps its own under ``web/urls.py``."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("otklik.api.web.urls")),
    path("", include("otklik.identity.web.urls")),
    path("", include("otklik.partners.web.urls")),
    path("", include("otklik.desk.web.urls")),
    path("", include("otklik.payouts.web.urls")),
    path("", include("otklik.knowledge.web.urls")),
    path("", include("otklik.dialogue.web.urls")),
    path("", include("otklik.assist.web.urls")),
    path("", include("otklik.loop.web.urls")),
    path("", include("otklik.relationships.web.urls")),
    path("", include("otklik.impact.web.urls")),
    path("portal/", include("otklik.portal.web.urls")),
    path("", include("otklik.portal.web.staff_urls")),
    path("", include("otklik.feedback.web.urls")),
    path("imports/", include("otklik.partners.imports.web.urls")),
    path("", include("otklik.console.web.urls")),
    path("", include("otklik.edge.web.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler403 = "otklik.identity.web.views.forbidden"
handler500 = "otklik.identity.web.views.broken"
handler429 = "otklik.identity.web.views.too_many"
