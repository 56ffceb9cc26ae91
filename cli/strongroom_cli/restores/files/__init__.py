"""Files that a person gives a command: cases to be decided, and metadata that are sent as they were written."""
