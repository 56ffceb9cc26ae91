"""The scripted day: five scenes, each checked against the state of AWS."""
