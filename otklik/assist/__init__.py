"""What is told without a person: automatic answers from live data and articles, and notices before anybody asks."""
