"""AWS Backup: vaults and recovery points, copy jobs, restore jobs."""
