from __future__ import annotations

from django.urls import path

from otklik.partners.imports.web import run_views, views

urlpatterns = [
    path("", views.run_list, name="import-list"),
    path("new/", views.upload, name="import-new"),
    path("columns/<slug:target>.csv", views.column_template, name="import-template"),
    path("<int:run_id>/mapping/", views.mapping, name="import-mapping"),
    path("<int:run_id>/preview/", views.preview, name="import-preview"),
    path("<int:run_id>/reading/", views.reading, name="import-reading"),
    path("<int:run_id>/", run_views.run_page, name="import-run"),
    path("<int:run_id>/state/", run_views.state, name="import-state"),
    path("<int:run_id>/cancellation/", run_views.cancellation, name="import-cancellation"),
    path("<int:run_id>/continuation/", run_views.continuation, name="import-continuation"),
    path("<int:run_id>/failures.csv", run_views.failures_csv, name="import-failures"),
]
