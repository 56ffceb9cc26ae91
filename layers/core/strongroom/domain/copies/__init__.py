"""Which copies are promised, what was found of them, and whether the promise was kept."""
