from __future__ import annotations

from django.urls import path

from otklik.api.v1.routes import api
from otklik.api.web import views

urlpatterns = [
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revocation", views.revocation, name="token_revocation"),
    path("api/v1/", api.urls),
]
