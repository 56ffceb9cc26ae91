"""Scenes in which somebody has something restored, and how people go about it."""
