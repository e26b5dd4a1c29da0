"""Subscriptions that block, fail and kill their worker."""
