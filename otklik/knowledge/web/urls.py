from __future__ import annotations

from django.urls import path

from otklik.knowledge.web import (
    feedback,
    files,
    folders,
    from_ticket,
    listing,
    public,
    reading,
    settings,
    versions,
    writing,
)

urlpatterns = [
    path("knowledge/", listing.listed, name="knowledge"),
    path("knowledge/reviews/", listing.reviews, name="article-reviews"),
    path("knowledge/feedback/", feedback.listed, name="article-feedback"),
    path("knowledge/feedback/<int:feedback_id>/done/", feedback.done, name="article-feedback-done"),
    path("knowledge/folders/", folders.listed, name="article-folders"),
    path("knowledge/folders/new/", folders.edit, name="article-folder-new"),
    path("knowledge/folders/<int:folder_id>/", folders.edit, name="article-folder"),
    path("knowledge/folders/<int:folder_id>/remove/", folders.remove, name="article-folder-remove"),
    path("knowledge/new/", writing.new, name="article-new"),
    path("knowledge/preview/", writing.preview, name="article-preview-new"),
    path("knowledge/from-ticket/<int:ticket_id>/", from_ticket.make, name="article-from-ticket"),
    path("knowledge/files/<int:attachment_id>/", files.fetch, name="article-file"),
    path("knowledge/files/<int:attachment_id>/remove/", files.remove, name="article-file-remove"),
    path("knowledge/videos/<int:video_id>/remove/", files.video_remove, name="article-video-remove"),
    path("knowledge/<int:article_id>/", reading.show, name="article"),
    path("knowledge/<int:article_id>/settings/", settings.edit, name="article-settings"),
    path("knowledge/<int:article_id>/publish/", settings.publish, name="article-publish"),
    path("knowledge/<int:article_id>/archive/", settings.archive, name="article-archive"),
    path("knowledge/<int:article_id>/review/", settings.review, name="article-review"),
    path("knowledge/<int:article_id>/preview/", writing.preview, name="article-preview"),
    path("knowledge/<int:article_id>/files/", files.add, name="article-file-add"),
    path("knowledge/<int:article_id>/videos/", files.video_add, name="article-video-add"),
    path("knowledge/<int:article_id>/text/<str:language>/", writing.edit, name="article-edit"),
    path("knowledge/<int:article_id>/text/<str:language>/fresh/", writing.fresh, name="article-fresh"),
    path(
        "knowledge/<int:article_id>/text/<str:language>/remove/", writing.remove, name="article-text-remove"
    ),
    path("knowledge/<int:article_id>/versions/<str:language>/", versions.listed, name="article-versions"),
    path(
        "knowledge/<int:article_id>/versions/<str:language>/<int:number>/",
        versions.show,
        name="article-version",
    ),
    path(
        "knowledge/<int:article_id>/versions/<str:language>/<int:number>/restore/",
        versions.restore,
        name="article-restore",
    ),
    path("articles/", public.start, name="public-articles-start"),
    path("articles/files/<int:attachment_id>/", public.file, name="public-article-file"),
    path("articles/<str:language>/", public.listed, name="public-articles"),
    path("articles/<str:language>/<slug:slug>/", public.show, name="public-article"),
    path("articles/<str:language>/<slug:slug>/helped/", public.feedback, name="public-article-helped"),
]
