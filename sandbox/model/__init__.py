"""Requests and answers held to the service models that AWS publishes."""
