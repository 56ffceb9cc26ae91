"""Whether malware was found in a backup, and which is the newest one without."""
