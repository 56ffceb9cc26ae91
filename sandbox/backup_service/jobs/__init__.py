"""Jobs: backups, copies, restores."""
