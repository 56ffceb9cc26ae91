"""The page of the linter's codes: an input for each, what is said of it, and what would be right."""
