from __future__ import annotations

from django.urls import include, path

from otklik.desk.web import calls, changes, composing, creating, inbox, resending, tickets, together, webhooks
from otklik.desk.web.settings import people

urlpatterns = [
    path("desk/hooks/<str:key>/", webhooks.inbound_mail, name="mail-webhook"),
    path("", include("otklik.desk.web.public.urls")),
    path("settings/desk/", include("otklik.desk.web.settings.urls")),
    path("my-desk/", people.my_desk, name="my-desk"),
    path("my-desk/availability/", people.availability, name="availability"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bulk/", inbox.bulk, name="inbox-bulk"),
    path("inbox/views/", inbox.views, name="inbox-views"),
    path("inbox/views/<int:view_id>/removal/", inbox.view_removal, name="inbox-view-removal"),
    path("tickets/new/", creating.new, name="ticket-new"),
    path("tickets/<int:ticket_id>/", tickets.show, name="ticket"),
    path("tickets/<int:ticket_id>/before/<int:before>/", tickets.earlier, name="ticket-earlier"),
    path("tickets/<int:ticket_id>/history/", tickets.past, name="ticket-history"),
    path("tickets/<int:ticket_id>/viewing/", tickets.viewing, name="ticket-viewing"),
    path("tickets/<int:ticket_id>/draft/", tickets.draft, name="ticket-draft"),
    path("tickets/<int:ticket_id>/tab/closing/", tickets.tab_closing, name="ticket-tab-closing"),
    path("tickets/<int:ticket_id>/canned/", composing.canned, name="ticket-canned"),
    path("tickets/<int:ticket_id>/messages/", composing.compose, name="ticket-messages"),
    path("tickets/<int:ticket_id>/status/", changes.status, name="ticket-status"),
    path("tickets/<int:ticket_id>/owner/", changes.owner, name="ticket-owner"),
    path("tickets/<int:ticket_id>/team/", changes.team, name="ticket-team"),
    path("tickets/<int:ticket_id>/topic/", changes.topic, name="ticket-topic"),
    path("tickets/<int:ticket_id>/priority/", changes.priority, name="ticket-priority"),
    path("tickets/<int:ticket_id>/subject/", changes.subject, name="ticket-subject"),
    path("tickets/<int:ticket_id>/tags/", changes.tag, name="ticket-tags"),
    path("tickets/<int:ticket_id>/tags/removal/", changes.tag_removal, name="ticket-tag-removal"),
    path("tickets/<int:ticket_id>/followers/", changes.follower, name="ticket-follower"),
    path(
        "tickets/<int:ticket_id>/followers/removal/", changes.follower_removal, name="ticket-follower-removal"
    ),
    path("tickets/<int:ticket_id>/spam/", changes.spam, name="ticket-spam"),
    path("tickets/<int:ticket_id>/spam/removal/", changes.spam_removal, name="ticket-spam-removal"),
    path("tickets/<int:ticket_id>/merge/", together.merge, name="ticket-merge"),
    path("tickets/<int:ticket_id>/split/", together.split, name="ticket-split"),
    path("tickets/<int:ticket_id>/link/", together.link, name="ticket-link"),
    path("tickets/<int:ticket_id>/question/", together.question, name="ticket-question"),
    path("tickets/<int:ticket_id>/customer/", together.customer, name="ticket-customer"),
    path("tickets/<int:ticket_id>/partner/", together.partner, name="ticket-partner"),
    path("tickets/<int:ticket_id>/callback/", calls.callback, name="ticket-callback"),
    path("questions/<int:question_id>/answer/", together.question_answer, name="question-answer"),
    path("questions/<int:question_id>/removal/", together.question_removal, name="question-removal"),
    path("calls/new/", calls.new, name="call-new"),
    path("calls/ringing/", calls.ringing, name="calls-ringing"),
    path("callbacks/<int:callback_id>/end/", calls.callback_end, name="callback-end"),
    path("messages/<int:message_id>/html/", tickets.message_html, name="message-html"),
    path("messages/<int:message_id>/return/", composing.message_return, name="message-return"),
    path("messages/<int:message_id>/retry/", resending.message_retry, name="message-retry"),
    path("messages/<int:message_id>/sharing/", together.sharing, name="message-sharing"),
    path("attachments/<int:attachment_id>/", tickets.attachment, name="attachment"),
    path("attachments/inline/<str:token>/", tickets.attachment_inline, name="attachment-inline"),
]
