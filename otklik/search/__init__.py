"""Full-text search over what people can open, with Russian and English word forms, on both databases.

Nouns: document (one findable object), term, kind (registered by the app that owns the objects). Writes no
events and listens to none; rows are written by the operations of other apps, in their transactions.
"""
