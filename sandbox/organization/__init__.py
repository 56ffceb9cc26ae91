"""AWS Organizations as the sandbox plays it: one organisation, its policies merged and enforced."""
