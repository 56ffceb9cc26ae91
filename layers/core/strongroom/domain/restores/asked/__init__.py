"""What deletes or calls out after a restore, and is asked for by itself."""
