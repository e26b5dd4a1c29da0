"""Who the people at a partner are to us and we to them, and what follows from their scores.

Nouns: map (people placed by authority and influence), segment (one cell of it), tie (between a person and
one of ours), habit (how a person answers), silence, move, expected score, surprise, coverage contract, blind
spot, renewal risk, opening. Every judgement is a rule in ``rules`` and carries its reasons.
"""
