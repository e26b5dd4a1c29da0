"""Judgements about relationships: pure, without a clock, each with its reasons as codes and values.

Nouns: member (a person on the map), standing, segment, view of a score, tie evidence, habit, silence, move,
surprise, contract, gap, finding, risk, opening. Formulas: docs/formulas/relationships.md and finite.md.
"""
