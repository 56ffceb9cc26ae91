"""What was set on resources, noted beside their backups."""
