"""Mail in and out of the desk, without a database.

In: a ``MailSource`` (``imap.py``) is read on a schedule, ``listener.py`` is spoken to by a mail server,
``webhook.py`` reads what a provider posts; all three hand over a ``FetchedMail``. Out: ``compose.py`` builds
a message, a ``Transport`` (``outgoing.py``) sends it.
"""
