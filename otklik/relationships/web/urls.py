from __future__ import annotations

from django.urls import path

from otklik.relationships.web import (
    beside,
    calibration,
    coverage,
    expected,
    maps,
    people,
    plans,
    renewals,
    tasks,
    trends,
)

urlpatterns = [
    path("partners/<int:partner_id>/map/", maps.partner, name="partner-map"),
    path("partners/<int:partner_id>/map/beside/", beside.partner, name="map-of-partner"),
    path("partners/<int:partner_id>/plan/", plans.plan, name="account-plan"),
    path("partners/<int:partner_id>/plan/actions/", plans.action, name="account-action"),
    path("partners/<int:partner_id>/reviews/", plans.new_review, name="account-review-new"),
    path("partners/<int:partner_id>/reviews/<str:quarter>/", plans.review, name="account-review"),
    path("plan-actions/<int:action_id>/done/", plans.done, name="account-action-done"),
    path("map/beside-ticket/<int:ticket_id>/", beside.ticket, name="map-beside-ticket"),
    path("map/people/<int:contact_id>/", people.person, name="map-person"),
    path("map/people/<int:contact_id>/tie/", people.tie, name="map-tie"),
    path("map/people/<int:contact_id>/influence/", people.influence, name="map-influence"),
    path("map/ties/<int:tie_id>/remove/", people.untie, name="map-untie"),
    path("map/lines/<int:line_id>/remove/", people.remove_influence, name="map-remove-influence"),
    path("map/tasks/", tasks.index, name="map-tasks"),
    path("map/tasks/<int:call_id>/", tasks.show, name="map-task"),
    path("map/tasks/<int:call_id>/close/", tasks.close, name="map-task-close"),
    path("map/tasks/<int:call_id>/assign/", tasks.assign, name="map-task-assign"),
    path("map/expected/", expected.waves, name="map-expected-waves"),
    path("map/expected/<int:wave_id>/", expected.wave, name="map-expected-wave"),
    path("map/expected/<int:wave_id>/<int:partner_id>/", expected.partner, name="map-expected"),
    path("map/expected/<int:wave_id>/<int:partner_id>/sign-off/", expected.sign, name="map-sign-off"),
    path("map/coverage/", coverage.index, name="map-coverage"),
    path("map/coverage/<int:contract_id>/drop/", coverage.drop, name="map-coverage-drop"),
    path("map/team-and-answers/", calibration.index, name="map-calibration"),
    path("map/trends/", trends.index, name="map-trends"),
    path("map/renewals/", renewals.index, name="map-renewals"),
]
