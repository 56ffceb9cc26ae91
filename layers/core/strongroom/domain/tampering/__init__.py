"""Which API calls weaken the protection, and how loudly to say so."""
