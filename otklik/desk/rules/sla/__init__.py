"""The parts of ``rules/sla_clock.py``."""
