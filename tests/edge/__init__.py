"""The real edge process, as a browser meets it."""
