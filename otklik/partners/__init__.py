"""Partner CRM: the programs, the companies in them, the people there, and what happened with each.

Nouns: program, partner, partner item (product, project, need), contact, address, import run, import failure.
Writes ``program.created``, ``program.changed``, ``partner.created``, ``partner.changed``,
``partner.manager_changed``, ``partner.merged``, ``partner.erased``, ``contact.created``,
``contact.changed``, ``contact.role_changed``, ``contact.merged``, ``contact.erased``,
``import.started``, ``import.finished``, ``import.cancelled``, ``import.refused``.
"""
