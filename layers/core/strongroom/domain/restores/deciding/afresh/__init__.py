"""What is held against what was approved, before each act of a restore."""
