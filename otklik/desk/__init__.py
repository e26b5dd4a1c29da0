"""The support desk: tickets, messages, channels, clocks, routing, automation.

Nouns: mailbox, inbound mail, ticket, message, attachment, participant, sub-request, clock, SLA policy,
business calendar, macro, canned answer, trigger, draft, saved view, callback, web form, end customer.

Events it writes (subject "ticket" in all of them, "partner" and "contact" where known) are listed with what
they carry in ``rules/vocabulary.py``.
"""
