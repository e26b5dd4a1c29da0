"""Work that leaves the request, seen from outside: what runs, what failed for good, whether the worker lives.

Nouns: progress (of one long piece of work), quarantined item (what was tried often enough and waits for a
person), heartbeat, redelivery (how often a job was handed out again), outgoing mail (a message waiting to be
sent, once per key). Writes no events: it lies below the log.
"""
