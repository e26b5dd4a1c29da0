from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from otklik.dialogue.web import announcements, applications, goals, ideas, manners, onboarding
from otklik.dialogue.web.public import apply, stop

_NEWS = "dialogue/announcements"
_IDEA = "dialogue/ideas/<int:idea_id>"
_APPLICATION = "applications/<int:application_id>"
_PARTNER = "dialogue/partners/<int:partner_id>"

urlpatterns: list[URLPattern | URLResolver] = [
    path("dialogue/", announcements.listed, name="dialogue"),
    path(f"{_NEWS}/new/", announcements.new, name="announcement-new"),
    path(f"{_NEWS}/<int:announcement_id>/", announcements.show, name="announcement"),
    path(f"{_NEWS}/<int:announcement_id>/edit/", announcements.edit, name="announcement-edit"),
    path(f"{_NEWS}/<int:announcement_id>/publish/", announcements.publish, name="announcement-publish"),
    path(f"{_NEWS}/<int:announcement_id>/withdraw/", announcements.withdraw, name="announcement-withdraw"),
    path(
        f"{_NEWS}/<int:announcement_id>/questions/<int:asked_id>/",
        announcements.show_question,
        name="announcement-question",
    ),
    path("dialogue/goals/", goals.listed, name="goals"),
    path("dialogue/goals/<int:goal_id>/state/", goals.set_goal, name="goal-state"),
    path("dialogue/commitments/<int:commitment_id>/state/", goals.set_commitment, name="commitment-state"),
    path(f"{_PARTNER}/goals/", goals.of_partner, name="partner-goals"),
    path(f"{_PARTNER}/goals/new/", goals.new_goal, name="goal-new"),
    path(f"{_PARTNER}/commitments/new/", goals.new_commitment, name="commitment-new"),
    path("dialogue/ideas/", ideas.listed, name="ideas"),
    path(f"{_IDEA}/", ideas.show, name="idea"),
    path(f"{_IDEA}/moderate/", ideas.moderate, name="idea-moderate"),
    path(f"{_IDEA}/state/", ideas.set_state, name="idea-state"),
    path(f"{_IDEA}/reply/", ideas.reply, name="idea-reply"),
    path(f"{_IDEA}/merge/", ideas.merge, name="idea-merge"),
    path("dialogue/onboarding/", onboarding.listed, name="onboardings"),
    path(f"{_PARTNER}/onboarding/", onboarding.show, name="partner-onboarding"),
    path(f"{_PARTNER}/onboarding/start/", onboarding.start, name="onboarding-start"),
    path(f"{_PARTNER}/onboarding/steps/<int:step_id>/", onboarding.step, name="onboarding-step"),
    path("applications/", applications.listed, name="applications"),
    path(f"{_APPLICATION}/", applications.show, name="application"),
    path(f"{_APPLICATION}/steps/<int:vetting_id>/", applications.step, name="application-step"),
    path(f"{_APPLICATION}/decide/", applications.decide, name="application-decide"),
    path(f"{_APPLICATION}/forget/", applications.forget, name="application-forget"),
    path("dialogue/settings/", manners.programs, name="dialogue-settings"),
    path("dialogue/settings/<int:program_id>/", manners.edit, name="dialogue-manners"),
    path("dialogue/settings/<int:program_id>/steps/", manners.steps, name="dialogue-steps"),
    path("dialogue/stop/<str:stop_key>/", stop.stop, name="dialogue-stop"),
    path("apply/<slug:program_slug>/", apply.form, name="apply"),
    path("apply/status/<slug:public_key>/", apply.status, name="application-status"),
]
