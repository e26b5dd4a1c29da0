from __future__ import annotations

from django.urls import path

from otklik.feedback.web.waves import changes, views

urlpatterns = [
    path("surveys/<int:survey_id>/waves/", views.waves, name="survey-waves"),
    path("surveys/<int:survey_id>/waves/new/", views.new, name="wave-new"),
    path("surveys/waves/<int:wave_id>/", views.wave, name="wave"),
    path("surveys/waves/<int:wave_id>/state/", views.state, name="wave-state"),
    path("surveys/waves/<int:wave_id>/plan/", views.plan, name="wave-plan"),
    path("surveys/waves/<int:wave_id>/preview/", views.preview, name="wave-preview"),
    path("surveys/waves/<int:wave_id>/start/", changes.start, name="wave-start"),
    path("surveys/waves/<int:wave_id>/closing/", changes.close, name="wave-closing"),
    path("surveys/waves/<int:wave_id>/cancellation/", changes.cancel, name="wave-cancellation"),
    path("surveys/waves/<int:wave_id>/end-of-series/", changes.end_of_series, name="wave-end-of-series"),
    path("surveys/waves/<int:wave_id>/last-day/", changes.last_day, name="wave-last-day"),
    path("surveys/waves/<int:wave_id>/people/", changes.people, name="wave-people"),
    path(
        "surveys/waves/<int:wave_id>/people/<int:contact_id>/addition/",
        changes.addition,
        name="wave-addition",
    ),
    path(
        "surveys/waves/<int:wave_id>/people/<int:contact_id>/exclusion/",
        changes.exclusion,
        name="wave-exclusion",
    ),
    path("surveys/invitations/<int:invitation_id>/link/", changes.handover, name="wave-handover"),
    path("surveys/invitations/<int:invitation_id>/removal/", changes.removal, name="wave-removal"),
]
