"""What must hold of a history, by a bystander who knows everything."""
