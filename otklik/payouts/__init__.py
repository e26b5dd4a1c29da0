"""What partners earned, what is paid to them and when, and what is held back and why.

Nouns: entry (a line of the ledger, never changed), balance, hold, payout request, batch, approval, payout,
statement, adjustment, money import, payment terms, partner's report, difference. Writes ``entry.recorded``,
``entry.reversed``, ``balance.recounted``, ``hold.opened``, ``hold.changed``, ``hold.released``,
``hold.kept``, ``hold.notice_due``, ``payout.requested``, ``payout.request_withdrawn``, ``payout.declined``,
``payout.planned``, ``payout.approved``, ``payout.cancelled``, ``payout.sent``, ``payout.paid``,
``payout.failed``, ``payout.returned``, ``payout.moved``, ``payout.corrected``, ``payout.delayed``,
``payout.notice_due``, ``batch.calculated``, ``batch.approved``, ``batch.cancelled``, ``statement.issued``,
``adjustment.proposed``, ``adjustment.approved``, ``adjustment.declined``, ``payment_terms.changed``,
``money.imported``, ``report.reconciled``.

A balance is the sum of its entries. Money leaves it when a payout is sent and comes back when one fails or is
returned. A hold freezes its own amount and nothing besides. Nobody does alone what moves money: a batch takes
two people, an adjustment a second one.
"""
