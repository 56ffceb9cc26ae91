"""The sandbox's own web: its ASGI application, pages and controls."""
