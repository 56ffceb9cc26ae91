"""Copies that did not come about: whether one may be started again, and what stands in its way."""
