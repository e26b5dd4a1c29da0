from __future__ import annotations

from django.urls import path

from otklik.payouts.web import batches, holds, importing, overview, payouts, reconciliation

urlpatterns = [
    path("money/", overview.show, name="money"),
    path("money/payouts/", payouts.listed, name="payouts"),
    path("money/payouts/<int:payout_id>/", payouts.show, name="payout"),
    path("money/batches/", batches.listed, name="batches"),
    path("money/batches/new/", batches.new, name="batch-new"),
    path("money/batches/<int:batch_id>/", batches.show, name="batch"),
    path("money/batches/<int:batch_id>/approve/", batches.approve, name="batch-approve"),
    path("money/batches/<int:batch_id>/cancel/", batches.cancel, name="batch-cancel"),
    path("money/holds/", holds.listed, name="holds"),
    path("money/holds/new/", holds.new, name="hold-new"),
    path("money/holds/<int:hold_id>/", holds.show, name="hold"),
    path("money/holds/<int:hold_id>/edit/", holds.edit, name="hold-edit"),
    path("money/holds/<int:hold_id>/release/", holds.release, name="hold-release"),
    path("money/holds/<int:hold_id>/keep/", holds.keep, name="hold-keep"),
    path("money/reconciliations/", reconciliation.listed, name="reconciliations"),
    path("money/reconciliations/new/", reconciliation.new, name="reconciliation-new"),
    path("money/reconciliations/<int:report_id>/", reconciliation.show, name="reconciliation"),
    path("money/reconciliations/<int:report_id>.csv", reconciliation.download, name="reconciliation-csv"),
    path("money/import/", importing.overview, name="money-import"),
    path("money/import/<int:import_id>/", importing.imported, name="money-imported"),
    path("money/import/files/<int:upload_id>/", importing.upload, name="money-upload"),
    path("money/import/files/<int:upload_id>/state/", importing.upload_state, name="money-upload-state"),
    path("money/import/columns/<slug:kind>.csv", importing.empty_table, name="money-columns"),
]
