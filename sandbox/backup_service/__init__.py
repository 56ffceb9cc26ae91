"""AWS Backup as the sandbox plays it."""

from sandbox.backup_service.installation import install, stop

__all__ = ["install", "stop"]
