"""Joins adapters to services, a file per capability: of what is deployed, the only place that knows both.

The command joins its own, in `cli/strongroom_cli/`: it runs as the person who types it.
"""
