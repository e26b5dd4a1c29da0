from __future__ import annotations

from django.urls import path

from otklik.desk.web.settings import dry_runs, mailboxes, overview, people, rules, sla, topics, web_forms

urlpatterns = [
    path("", overview.overview, name="desk-settings"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/new/", mailboxes.mailbox, name="mailbox-new"),
    path("mailboxes/<int:mailbox_id>/", mailboxes.mailbox, name="mailbox"),
    path("mailboxes/<int:mailbox_id>/attempt/", mailboxes.attempt, name="mailbox-attempt"),
    path("policies/", sla.sla_policies, name="sla-policies"),
    path("policies/new/", sla.sla_policy, name="sla-policy-new"),
    path("policies/<int:policy_id>/", sla.sla_policy, name="sla-policy"),
    path("policies/<int:policy_id>/place/", sla.sla_policy_place, name="sla-policy-place"),
    path("calendars/", sla.calendars, name="calendars"),
    path("calendars/new/", sla.calendar, name="calendar-new"),
    path("calendars/<int:calendar_id>/", sla.calendar, name="calendar"),
    path("topics/", topics.topics, name="topics"),
    path("topics/new/", topics.topic, name="topic-new"),
    path("topics/<int:topic_id>/", topics.topic, name="topic"),
    path("canned-answers/", topics.canned_answers, name="canned-answers"),
    path("canned-answers/new/", topics.canned, name="canned-new"),
    path("canned-answers/<int:canned_id>/", topics.canned, name="canned"),
    path("macros/", rules.macros, name="macros"),
    path("macros/new/", rules.macro, name="macro-new"),
    path("macros/<int:macro_id>/", rules.macro, name="macro"),
    path("triggers/", rules.triggers, name="triggers"),
    path("triggers/new/", rules.trigger, name="trigger-new"),
    path("triggers/<int:trigger_id>/", rules.trigger, name="trigger"),
    path("triggers/<int:trigger_id>/dry-run/", dry_runs.dry_run, name="trigger-dry-run"),
    path("triggers/<int:trigger_id>/on/", dry_runs.trigger_on, name="trigger-on"),
    path("triggers/<int:trigger_id>/off/", rules.trigger_off, name="trigger-off"),
    path("rule-row/", rules.rule_row, name="rule-row"),
    path("people/", people.agent_profiles, name="agent-profiles"),
    path("people/<int:user_id>/", people.agent_profile, name="agent-profile"),
    path("absences/", people.absences, name="absences"),
    path("absences/new/", people.absence, name="absence-new"),
    path("absences/<int:absence_id>/removal/", people.absence_removal, name="absence-removal"),
    path("forms/", web_forms.web_forms, name="web-forms"),
    path("forms/new/", web_forms.web_form, name="web-form-new"),
    path("forms/<int:form_id>/", web_forms.web_form, name="web-form"),
]
