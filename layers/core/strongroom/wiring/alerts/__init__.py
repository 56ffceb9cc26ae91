"""Alerts: told, and looked after."""
