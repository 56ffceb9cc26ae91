"""What is done with histories: many of them, shorter ones, spoilt ones, and each way to interrupt one."""
