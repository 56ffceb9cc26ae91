"""Restores: what is asked for, who may let it happen, and how far it has come."""
