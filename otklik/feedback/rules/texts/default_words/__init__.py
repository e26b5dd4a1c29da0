"""The words of the default topics; see ``matching`` for how entries are written."""
