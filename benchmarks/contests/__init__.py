"""Our functions beside others at the same work, over TLS as on AWS."""
