"""What somebody further down could do to backup policies: every document that could be tried, and what it changes."""
