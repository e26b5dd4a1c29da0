from __future__ import annotations

from django.urls import URLPattern, path

from otklik.loop.web import alerts, beside, board, causes, export, letters, rules
from otklik.loop.web.outer_urls import urlpatterns as outer

_ALERT = "loop/alerts/<int:alert_id>"
_RULE = "loop/rules/<int:rule_id>"
_CAUSE = "loop/causes/<int:cause_id>"

urlpatterns: list[URLPattern] = [
    path("loop/", board.show, name="loop"),
    path("loop/rules/", rules.index, name="alert-rules"),
    path("loop/rules/new/", rules.new, name="alert-rule-new"),
    path(f"{_RULE}/", rules.edit, name="alert-rule"),
    path(f"{_RULE}/move/", rules.move, name="alert-rule-move"),
    path(f"{_RULE}/switch/", rules.switch, name="alert-rule-switch"),
    path(f"{_RULE}/retire/", rules.retire, name="alert-rule-retire"),
    path("loop/causes/", causes.index, name="root-causes"),
    path(f"{_CAUSE}/", causes.edit, name="root-cause"),
    path(f"{_CAUSE}/move/", causes.move, name="root-cause-move"),
    path(f"{_CAUSE}/switch/", causes.switch, name="root-cause-switch"),
    path("loop/letters/", letters.index, name="letters"),
    path("loop/letters/<int:letter_id>/", letters.edit, name="letter"),
    path(f"{_ALERT}/letter/", letters.write, name="alert-letter"),
    path("loop/results/", board.results, name="loop-results"),
    path("loop/alerts.csv", export.alerts_csv, name="alerts-csv"),
    path("loop/beside/<int:ticket_id>/", beside.show, name="alerts-beside-ticket"),
    path(f"{_ALERT}/", alerts.show, name="alert"),
    path(f"{_ALERT}/follow-up/", alerts.change, {"what": "spoken"}, name="alert-follow-up"),
    path(f"{_ALERT}/promise/", alerts.change, {"what": "promise"}, name="alert-promise"),
    path(f"{_ALERT}/snooze/", alerts.change, {"what": "snooze"}, name="alert-snooze"),
    path(f"{_ALERT}/wake/", alerts.wake, name="alert-wake"),
    path(f"{_ALERT}/told/", alerts.change, {"what": "told"}, name="alert-told"),
    path(f"{_ALERT}/again/", alerts.change, {"what": "again"}, name="alert-again"),
    path(f"{_ALERT}/owner/", alerts.change, {"what": "owner"}, name="alert-owner"),
    path(f"{_ALERT}/close/", alerts.change, {"what": "close"}, name="alert-close"),
    path(f"{_ALERT}/reopen/", alerts.reopen, name="alert-reopen"),
]
urlpatterns += outer
