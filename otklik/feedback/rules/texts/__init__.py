"""What comments say: words, topics, sentiment, phrases. Russian and English, told word by word by script."""
