from __future__ import annotations

from django.urls import path

from otklik.payouts.web import holds, overview

urlpatterns = [
    path("money/", overview.show, name="money"),
    path("money/holds/", holds.listed, name="holds"),
    path("money/holds/new/", holds.new, name="hold-new"),
    path("money/holds/<int:hold_id>/", holds.show, name="hold"),
    path("money/holds/<int:hold_id>/edit/", holds.edit, name="hold-edit"),
    path("money/holds/<int:hold_id>/release/", holds.release, name="hold-release"),
    path("money/holds/<int:hold_id>/keep/", holds.keep, name="hold-keep"),
]
