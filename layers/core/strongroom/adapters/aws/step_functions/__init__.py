"""Step Functions: what is begun, and what is looked at."""
