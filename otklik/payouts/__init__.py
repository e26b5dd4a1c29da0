"""What partners earned, what is paid to them and when, and what is held back and why.

Nouns: entry (a line of the ledger, never changed), balance, hold, payout request, batch, approval, payout,
statement, adjustment, money import, payment terms, partner's report, difference. Writes ``entry.recorded``,
``hold.opened``, ``hold.changed``, ``hold.released``, ``hold.kept``, ``payout.requested``,
``payout.declined``, ``payout.planned``, ``payout.approved``, ``payout.sent``, ``payout.paid``,
``payout.failed``, ``payout.returned``, ``payout.delayed``, ``batch.calculated``, ``batch.approved``,
``batch.cancelled``, ``statement.issued``, ``adjustment.proposed``, ``adjustment.approved``,
``adjustment.declined``, ``money.imported``, ``report.reconciled``.

A balance is the sum of its entries. Money leaves it when a payout is sent and comes back when one fails or is
returned. A hold freezes its own amount and nothing besides. Nobody does alone what moves money: a batch takes
two people, an adjustment a second one.
"""
