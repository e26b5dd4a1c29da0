"""Real worker processes, killed for real."""
