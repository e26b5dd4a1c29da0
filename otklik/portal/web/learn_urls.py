from __future__ import annotations

from django.urls import path

from otklik.portal.web import learn

urlpatterns = [
    path("learn/", learn.learn, name="portal-learn"),
    path("learn/folder/<int:folder_id>/", learn.folder, name="portal-learn-folder"),
    path("learn/files/<int:attachment_id>/", learn.file, name="portal-article-file"),
    path("learn/<slug:slug>/", learn.article, name="portal-article"),
    path("learn/<slug:slug>/helped/", learn.helped, name="portal-article-helped"),
]
