"""What a handler needs around it: contracts, settings, logging, batches."""
