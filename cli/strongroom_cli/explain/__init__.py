"""What becomes of an event, and why: offline, from the intent file and what one says of the world."""
