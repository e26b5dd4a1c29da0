"""Texts translated by somebody else's machine: a protocol, three adapters, checks of the answers, a fake."""
