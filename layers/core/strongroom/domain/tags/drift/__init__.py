"""Tags that somebody changes later: by which calls, what of it is heard, and what it comes to."""
