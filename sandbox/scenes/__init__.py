"""The scripted day: its scenes, each checked against the state of AWS."""
