"""What somebody must be told, once each, and in which words."""
