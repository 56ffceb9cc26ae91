"""What backups cost in the long run: points, sizes and prices."""
