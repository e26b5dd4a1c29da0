"""What is told before anybody asks, in words."""
