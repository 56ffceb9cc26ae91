"""Services outside that expect to be called, and complain by themselves when they are not."""
