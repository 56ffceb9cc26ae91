"""What people are shown of a request: words for it, and nothing that decides."""
