"""Ways to people, under one protocol and one contract test."""
