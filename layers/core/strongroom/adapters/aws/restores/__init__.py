"""What restores are put into, as AWS has it."""
