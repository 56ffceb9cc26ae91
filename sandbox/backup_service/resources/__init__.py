"""The resource types that AWS Backup protects here, one file each."""
