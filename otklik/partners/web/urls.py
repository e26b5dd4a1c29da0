from __future__ import annotations

from django.urls import path

from otklik.partners.web import contacts, erasure, merging, partners, programs, search

urlpatterns = [
    path("partners/", partners.partner_list, name="partners"),
    path("partners/new/", partners.new, name="partner-new"),
    path("partners/export.csv", partners.export, name="partner-export"),
    path("partners/<int:partner_id>/", partners.show, name="partner"),
    path("partners/<int:partner_id>/edit/", partners.edit, name="partner-edit"),
    path("partners/<int:partner_id>/timeline/", partners.timeline, name="partner-timeline"),
    path("partners/<int:partner_id>/manager/", partners.manager, name="partner-manager"),
    path("partners/<int:partner_id>/items/", partners.items, name="partner-items"),
    path("partners/<int:partner_id>/merge/", merging.partner, name="partner-merge"),
    path("partners/<int:partner_id>/erasure/", erasure.partner, name="partner-erasure"),
    path("partners/<int:partner_id>/contacts/", contacts.new, name="contact-new"),
    path("contacts/<int:contact_id>/", contacts.show, name="contact"),
    path("contacts/<int:contact_id>/edit/", contacts.edit, name="contact-edit"),
    path("contacts/<int:contact_id>/authority/", contacts.authority, name="contact-authority"),
    path("contacts/<int:contact_id>/influence/", contacts.influence, name="contact-influence"),
    path("contacts/<int:contact_id>/role/", contacts.role, name="contact-role"),
    path("contacts/<int:contact_id>/consent/", contacts.consent, name="contact-consent"),
    path("contacts/<int:contact_id>/addresses/", contacts.address, name="contact-addresses"),
    path(
        "contacts/<int:contact_id>/addresses/<int:address_id>/removal/",
        contacts.address_removal,
        name="contact-address-removal",
    ),
    path("contacts/<int:contact_id>/merge/", merging.contact, name="contact-merge"),
    path("contacts/<int:contact_id>/erasure/", erasure.contact, name="contact-erasure"),
    path("programs/", programs.program_list, name="programs"),
    path("programs/new/", programs.new, name="program-new"),
    path("programs/<int:program_id>/", programs.edit, name="program"),
    path("search/", search.results, name="search"),
]
