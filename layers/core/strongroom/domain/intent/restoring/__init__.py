"""What the intent says of restores themselves: where they may lie, and what is let through."""
