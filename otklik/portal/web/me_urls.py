from __future__ import annotations

from django.urls import path

from otklik.portal.web import me, me_data

urlpatterns = [
    path("me/", me.me, name="portal-me"),
    path("me/profile/", me.save_profile, name="portal-me-profile"),
    path("me/password/", me.save_password, name="portal-me-password"),
    path("me/passkeys/begin/", me.begin_passkey, name="portal-me-passkey-begin"),
    path("me/passkeys/", me.add_passkey, name="portal-me-passkey-add"),
    path("me/passkeys/<int:passkey_id>/removal/", me.remove_passkey, name="portal-me-passkey-remove"),
    path("me/data/", me_data.export, name="portal-me-export"),
    path("me/erasure/", me_data.ask_erasure, name="portal-me-erasure"),
    path("me/erasure/back/", me_data.take_erasure_back, name="portal-me-erasure-back"),
    path("me/sessions/end/", me.end_sessions, name="portal-me-sessions-end"),
]
