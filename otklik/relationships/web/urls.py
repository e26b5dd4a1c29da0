from __future__ import annotations

from django.urls import path

from otklik.relationships.web import beside, maps

urlpatterns = [
    path("partners/<int:partner_id>/map/", maps.partner, name="partner-map"),
    path("partners/<int:partner_id>/map/beside/", beside.partner, name="map-of-partner"),
    path("map/beside-ticket/<int:ticket_id>/", beside.ticket, name="map-beside-ticket"),
    path("map/people/<int:contact_id>/", maps.person, name="map-person"),
    path("map/people/<int:contact_id>/tie/", maps.tie, name="map-tie"),
    path("map/people/<int:contact_id>/influence/", maps.influence, name="map-influence"),
    path("map/ties/<int:tie_id>/remove/", maps.untie, name="map-untie"),
    path("map/lines/<int:line_id>/remove/", maps.remove_influence, name="map-remove-influence"),
]
