"""What people sign, under which rules it counts, and the one decision that is made of it."""
