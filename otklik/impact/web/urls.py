from __future__ import annotations

from django.urls import path

from otklik.impact.web import (
    answers,
    causes,
    changes,
    comparison,
    drivers,
    files,
    goals,
    outcomes,
    overview,
    recording,
)

urlpatterns = [
    path("impact/", overview.index, name="impact"),
    path("impact/computations/", overview.compute, name="impact-computations"),
    path("impact/causes/<str:exposure>/", causes.show, name="impact-exposure"),
    path("impact/causes/<str:exposure>/answers/", answers.of_cause, name="impact-answers"),
    path("impact/answers/", answers.of_report, name="impact-report-answers"),
    path("impact/drivers/", drivers.show, name="impact-drivers"),
    path("impact/goal/", goals.show, name="impact-goal"),
    path("impact/file/", files.file, name="impact-file"),
    path("impact/method/", overview.method, name="impact-method"),
    path("impact/comparison/", comparison.show, name="impact-comparison"),
    path("impact/comparison/file/", comparison.file, name="impact-comparison-file"),
    path("impact/comparison/answers/", answers.of_line, name="impact-comparison-answers"),
    path("impact/changes/", changes.index, name="impact-changes"),
    path("impact/changes/new/", recording.new, name="impact-change-new"),
    path("impact/changes/<int:change_id>/", changes.show, name="impact-change"),
    path("impact/changes/<int:change_id>/correction/", recording.edit, name="impact-change-correction"),
    path("impact/changes/<int:change_id>/removal/", recording.removal, name="impact-change-removal"),
    path("impact/outcomes/", outcomes.show, name="impact-outcomes"),
    path("impact/outcomes/partners/", outcomes.partners, name="impact-outcome-partners"),
]
