"""Keeping to the rates of the services."""
