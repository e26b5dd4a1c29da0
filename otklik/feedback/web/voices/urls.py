from __future__ import annotations

from django.urls import path

from otklik.feedback.web.voices import feeds, guides, interviews, mentions, stream

urlpatterns = [
    path("surveys/voices/", stream.voices, name="voices"),
    path("surveys/interviews/", stream.interviews, name="interviews"),
    path("surveys/interviews/new/", interviews.new, name="interview-new"),
    path("surveys/interviews/<int:interview_id>/", interviews.show, name="interview"),
    path("surveys/interviews/<int:interview_id>/edit/", interviews.edit, name="interview-edit"),
    path("surveys/interviews/guides/", guides.guides, name="guides"),
    path("surveys/interviews/guides/new/", guides.new, name="guide-new"),
    path("surveys/interviews/guides/<int:guide_id>/", guides.edit, name="guide"),
    path("surveys/interviews/guides/<int:guide_id>/archive/", guides.archive, name="guide-archive"),
    path("surveys/mentions/", stream.mentions, name="mentions"),
    path("surveys/mentions/new/", mentions.new, name="mention-new"),
    path("surveys/mentions/<int:mention_id>/partner/", mentions.partner, name="mention-partner"),
    path("surveys/mentions/<int:mention_id>/removal/", mentions.removal, name="mention-removal"),
    path("surveys/mentions/feeds/", feeds.feeds, name="mention-feeds"),
    path("surveys/mentions/feeds/new/", feeds.new, name="mention-feed-new"),
    path("surveys/mentions/feeds/<int:feed_id>/", feeds.edit, name="mention-feed"),
    path("surveys/mentions/feeds/<int:feed_id>/fetch/", feeds.fetch, name="mention-feed-fetch"),
]
