"""The door of assist."""
