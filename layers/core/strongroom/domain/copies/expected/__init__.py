"""Which backups must be made by when, and what becomes of that."""
