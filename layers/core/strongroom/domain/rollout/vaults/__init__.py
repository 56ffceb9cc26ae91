"""The vaults that backups and copies lie in, and their locks: what drifted, and what would be lost."""
