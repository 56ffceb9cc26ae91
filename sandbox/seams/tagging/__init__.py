"""Which resources are listed, by their tags and by their services."""
