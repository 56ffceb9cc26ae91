"""AWS itself: one file for each thing that is asked of it."""
