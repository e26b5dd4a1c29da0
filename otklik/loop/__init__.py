"""The closed loop: nobody unhappy is left alone, and what many say is mended.

Nouns: alert rule, alert, follow-up, root cause, promise of an alert, asking again, ask (what a promoter is
asked for), improvement. Writes ``alert.*``, ``follow_up.*``, ``root_cause.*``, ``ask.*``, ``improvement.*``.
"""
