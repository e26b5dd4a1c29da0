"""Voices beside the answers to surveys: interviews held, mentions found."""
