"""The door for streams: a bare ASGI process that tells open pages what changed. Reads rows only.

A page names the topics it shows (``partner:17``), gets a ticket for them from the web process (``web/``), and
opens one stream per browser here. What changed comes from the event log: on SQLite by watching the file's
``data_version``, on PostgreSQL by LISTEN. Nothing but the topic's name goes out; the page fetches its part
anew through the door that checks its rights.
"""
