"""AWS Organizations backup policies: their grammar, their merging, and what is wrong with them."""
