"""What a handler needs around it: contracts, settings, logging, requests and steps."""
