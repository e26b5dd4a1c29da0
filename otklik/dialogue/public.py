"""The door of dialogue."""
