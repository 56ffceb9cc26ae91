"""Start an overdue copy again where that can help, and say what is to be changed where it cannot."""
