from __future__ import annotations

from django.urls import include, path

from otklik.identity.web import profile, staff, start, teams, views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("start/", start.start, name="start"),
    path("profile/", profile.profile, name="profile"),
    path("staff/", staff.staff_list, name="staff"),
    path("staff/new/", staff.staff_new, name="staff_new"),
    path("staff/<int:user_id>/", staff.staff_person, name="staff_person"),
    path("staff/<int:user_id>/roles/", staff.staff_roles, name="staff_roles"),
    path("staff/<int:user_id>/invitation/", staff.staff_invitation, name="staff_invitation"),
    path("staff/<int:user_id>/deactivation/", staff.staff_deactivation, name="staff_deactivation"),
    path("staff/<int:user_id>/activation/", staff.staff_activation, name="staff_activation"),
    path("teams/", teams.team_list, name="teams"),
    path("teams/new/", teams.team_edit, name="team_new"),
    path("teams/<int:team_id>/", teams.team_edit, name="team"),
    path("teams/<int:team_id>/removal/", teams.team_removal, name="team_removal"),
    path("account/", include("otklik.identity.web.account_urls")),
]
