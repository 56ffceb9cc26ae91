"""Every account gone through by lists: how far that is, what lists show, and what of it is news."""
