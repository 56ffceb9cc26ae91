"""The settings of a resource: what is noted of them beside its backups, and what a restore did not bring back."""
