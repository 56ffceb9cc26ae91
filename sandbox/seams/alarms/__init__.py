"""Private touches of MiniStack's alarms."""
