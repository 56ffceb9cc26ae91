"""The audit account's side of a ceremony: the bucket that keeps its evidence, and the log that witnesses it."""
