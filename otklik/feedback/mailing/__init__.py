"""What a person gets by mail: rendered once for a version and language, filled for each person."""
