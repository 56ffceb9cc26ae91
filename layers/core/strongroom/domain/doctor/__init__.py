"""What is assumed of a live organisation: whether it holds there, and what could not be seen."""
