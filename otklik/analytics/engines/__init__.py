"""Where facts are read: one typed expression (ibis), written in the engine's own SQL and run by it."""
