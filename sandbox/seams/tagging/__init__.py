"""Which resources are listed by their tags."""
