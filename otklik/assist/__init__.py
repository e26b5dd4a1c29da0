"""What is told without a person: automatic answers from live data and articles, notices before anybody
asks."""
