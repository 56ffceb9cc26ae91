"""What AWS Backup says of its jobs."""
