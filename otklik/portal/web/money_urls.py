from __future__ import annotations

from django.urls import path

from otklik.portal.web import account_details, figures, money

urlpatterns = [
    path("money/", money.overview, name="portal-money"),
    path("money/payouts/", money.payouts, name="portal-payouts"),
    path("money/payouts/<int:payout_id>/", money.payout, name="portal-payout"),
    path("money/ask/", money.ask, name="portal-payout-ask"),
    path("money/requests/<int:request_id>/withdraw/", money.withdraw, name="portal-payout-withdraw"),
    path("money/statements/", money.statements, name="portal-statements"),
    path("money/statements/<int:statement_id>/", money.statement, name="portal-statement"),
    path("money/statements/<int:statement_id>.csv", money.statement_file, name="portal-statement-csv"),
    path("money/details/", account_details.show, name="portal-account-details"),
    path("money/figures/", figures.overview, name="portal-figures"),
    path("money/figures/<int:report_id>/", figures.show, name="portal-figure"),
    path("money/figures/<int:report_id>.csv", figures.file, name="portal-figure-csv"),
]
