"""What texts say: words in their basic form, and texts that speak of the same thing."""
