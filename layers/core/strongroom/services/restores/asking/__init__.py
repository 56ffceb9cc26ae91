"""Ask for a restore, and look at what was asked for."""
