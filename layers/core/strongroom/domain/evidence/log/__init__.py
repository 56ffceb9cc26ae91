"""The transparency log over all evidence: its tree, and what the log and its witness sign."""
