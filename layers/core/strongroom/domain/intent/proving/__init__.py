"""By what people prove in the ceremony that it is them, and where the proofs are kept."""
