"""What a rollout would take away from what is protected now."""
