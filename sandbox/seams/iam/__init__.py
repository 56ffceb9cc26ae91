"""Private touches of MiniStack's IAM, and of the evaluator of its policies."""
