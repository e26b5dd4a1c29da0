"""One believable partner program with a fixed seed, built through the operations of the other apps."""
