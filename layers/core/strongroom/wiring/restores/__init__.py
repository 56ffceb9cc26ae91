"""Restores: asked for, approved, acted upon, each file what one kind of function needs and no more."""
