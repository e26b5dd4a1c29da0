"""How support moves NPS and CSAT, and what these move in turn: read from the facts, said with its certainty.

Nouns: exposure (what a partner lived through before an answer), outcome, study (one exposure against one
outcome), driver, report (all studies of one program and outcome, computed at one moment and kept), comparison
(channels, teams, topics), goal, policy change (from which day it holds for which partner). Writes
``impact.computed`` and ``policy_change.*``. Changes nothing in other rooms.
"""
