"""Who the people at a partner are to us and we to them, and what follows from their scores.

Nouns: map (people placed by authority and influence), segment (one cell of it), tie (between a person and
one of ours), habit (how a person answers), silence, move, expected score, surprise, coverage contract, blind
spot, renewal risk, opening, call to action (a task that a wave raised), sign-off, account plan. Writes
``tie.stated``, ``tie.removed``, ``influence_line.stated``, ``influence_line.removed``, ``coverage.set``,
``coverage.dropped``, ``expected_scores.entered``, ``expected_scores.locked``, ``wave.signed_off``,
``call_to_action.raised``, ``call_to_action.assigned``, ``call_to_action.done``, ``call_to_action.dropped``,
``call_to_action.joined``, ``call_to_action.reopened``, ``account_plan.saved``, ``plan_action.added``,
``plan_action.done``, ``review.made``. Listens to ``wave.started``, ``wave.closed`` and what becomes
of alerts. Every judgement is a rule in ``rules`` and carries its reasons.
"""
