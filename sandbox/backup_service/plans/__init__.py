"""Plans: local ones, the organisation's, and their runs."""
