from __future__ import annotations

from django.urls import path

from otklik.portal.web import entry, entry_company, entry_passkey, entry_password
from otklik.portal.web.logo import logo

urlpatterns = [
    path("sign-in/", entry.sign_in, name="portal-sign-in"),
    path("sign-in/link/", entry.ask, name="portal-link-ask"),
    path("sign-in/sent/", entry.sent, name="portal-link-sent"),
    path("sign-in/with/<str:token>/", entry.link, name="portal-link"),
    path("sign-in/password/", entry_password.enter, name="portal-password"),
    path("sign-in/which/", entry_password.choose, name="portal-which"),
    path("sign-in/passkey/", entry_passkey.enter, name="portal-passkey"),
    path("sign-in/passkey/begin/", entry_passkey.begin, name="portal-passkey-begin"),
    path("sign-in/company/", entry_company.back, name="portal-company-back"),
    path("sign-in/company/<str:company_key>/", entry_company.begin, name="portal-company"),
    path("logo/<int:branding_id>/", logo, name="portal-logo"),
    path("sign-out/", entry.sign_out, name="portal-sign-out"),
]
