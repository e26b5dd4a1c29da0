"""The door for programs: REST with scoped tokens, described by OpenAPI.

Nouns: token. Writes ``token.created`` and ``token.revoked``. Listens to ``user.deactivated``.
"""
