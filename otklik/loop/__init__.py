"""The closed loop: nobody unhappy is left alone, and what many say is mended.

Nouns: alert rule, alert, owner, follow-up, root cause, letter, promise of an alert, asking again; ask,
consent, referral; improvement, affected partner. Writes ``loop.begun``, ``alert_rule.created``,
``alert_rule.changed``, ``root_cause.created``, ``root_cause.changed``, ``alert.raised``,
``alert.score_changed``, ``alert.assigned``, ``alert.escalated``, ``alert.snoozed``, ``alert.woken``,
``alert.promised``, ``alert.went_on``, ``alert.causes_named``, ``alert.closed``, ``alert.reopened``,
``alert.partner_told``, ``alert.re_ask_planned``, ``alert.re_asked``, ``alert.answered_again``,
``follow_up.noted``, ``letter_template.changed``; ``ask.proposed``, ``ask.asked``, ``ask.agreed``,
``ask.declined``, ``ask.delivered``, ``ask.consent_withdrawn``, ``ask.dropped``, ``ask.assigned``,
``ask.referred``, ``ask.referral_taken_back``; ``improvement.created``, ``improvement.changed``,
``improvement.moved``, ``improvement.linked``, ``improvement.unlinked``, ``improvement.told``. Listens to
``response.recorded``, ``response.changed``,
``mention.recorded``, ``mention.attached``, ``wave.closed``, ``partner.manager_changed``,
``partner.merged``, ``program.created``, ``user.deactivated``, ``role.revoked``,
``commitment.done``, ``commitment.dropped``.

An answer makes one alert however many rules fire. The deadline is that of the first word to them; a snooze
does not move it. What we promise is a commitment of ``dialogue``, which the partner sees too.
"""
