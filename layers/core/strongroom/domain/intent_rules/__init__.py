"""What is wrong with an intent although each of its values is well formed."""
