"""What the staff open: outside of /portal/, where partners' people are."""

from __future__ import annotations

from django.urls import path

from otklik.portal.web import staff_accounts, staff_setup

urlpatterns = [
    path("contacts/<int:contact_id>/portal/invite/", staff_accounts.invite, name="portal-staff-invite"),
    path("contacts/<int:contact_id>/portal/withdraw/", staff_accounts.withdraw, name="portal-staff-withdraw"),
    path("contacts/<int:contact_id>/portal/money/", staff_accounts.money, name="portal-staff-money"),
    path(
        "contacts/<int:contact_id>/portal/erasure-declined/",
        staff_accounts.decline_erasure,
        name="portal-staff-erasure-declined",
    ),
    path("partners/<int:partner_id>/portal/", staff_accounts.partner_accounts, name="portal-staff-accounts"),
    path("partners/<int:partner_id>/portal/sign-in/", staff_setup.company, name="portal-staff-company"),
    path(
        "partners/<int:partner_id>/portal/sign-in/removal/",
        staff_setup.company_removal,
        name="portal-staff-company-removal",
    ),
    path("portals/", staff_setup.overview, name="portal-staff-setup"),
    path("portals/<int:program_id>/", staff_setup.look, name="portal-staff-look"),
]
