"""Private real servers for tests: on loopback, on free ports, with data in a folder of the test's own."""
