"""The administrator's room: how the installation is doing, and what waits for a decision.

One of the top doors, beside ``api`` and ``edge``: the facts are those of ``jobs``, which lies below identity
and so cannot ask who is looking; this room asks. Has no tables. Writes ``quarantine.replayed`` and
``quarantine.dismissed``; listens to nothing.
"""
