"""Keep the evidence of what happened, in order and sealed."""
