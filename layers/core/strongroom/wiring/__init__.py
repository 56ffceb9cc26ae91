"""Joins adapters to services, a file per capability: the only place that knows both."""
