"""The history of the bus, judged."""
