"""The event log: what happened, written in the transaction of the change itself.

Nouns: event, subject (what an event is about), batch (events handed out by one job), delivery (one
subscription's handling of one event). Writes no events of its own. Timeline, audit, live updates,
notices, webhooks and facts all read this log.
"""
