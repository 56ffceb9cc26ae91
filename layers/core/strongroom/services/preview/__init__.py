"""The preview of a rollout: what is read for it, and what it says."""
