"""Otklik: partner support, NPS and the loop between them."""
