"""Promise copies, verify them, and look after the overdue."""
