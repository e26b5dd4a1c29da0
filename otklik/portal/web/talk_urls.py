"""Announcements, goals and ideas."""

from __future__ import annotations

from django.urls import path

from otklik.portal.web import talk

urlpatterns = [
    path("news/", talk.news, name="portal-news"),
    path("news/mails/", talk.news_mails, name="portal-news-mails"),
    path("news/<int:announcement_id>/", talk.announcement, name="portal-announcement"),
    path("news/<int:announcement_id>/confirm/", talk.confirm, name="portal-announcement-confirm"),
    path("news/<int:announcement_id>/ask/", talk.ask, name="portal-announcement-ask"),
    path("goals/", talk.goals, name="portal-goals"),
    path("goals/new/", talk.new_goal, name="portal-goal-new"),
    path("goals/<int:goal_id>/state/", talk.set_goal, name="portal-goal-state"),
    path("commitments/new/", talk.new_commitment, name="portal-commitment-new"),
    path("commitments/<int:commitment_id>/state/", talk.set_commitment, name="portal-commitment-state"),
    path("ideas/", talk.ideas, name="portal-ideas"),
    path("ideas/new/", talk.new_idea, name="portal-idea-new"),
    path("ideas/done/", talk.said_and_done, name="portal-ideas-done"),
    path("ideas/<int:idea_id>/", talk.idea, name="portal-idea"),
    path("ideas/<int:idea_id>/vote/", talk.vote_for, name="portal-idea-vote"),
]
