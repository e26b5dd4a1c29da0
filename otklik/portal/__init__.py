"""The partners' own door: accounts of contacts, sign-in, and every page a partner's person sees."""
