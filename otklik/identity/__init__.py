"""Staff: who signs in, which roles and teams they have, and what those allow.

Nouns: user, role grant, team. Writes ``user.created``, ``user.changed``, ``user.deactivated``,
``user.reactivated``, ``role.granted``, ``role.revoked``, ``team.created``, ``team.changed`` and
``team.removed``. Listens to nothing.
"""
