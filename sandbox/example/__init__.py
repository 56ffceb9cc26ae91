"""The example organisation: its estate, its deployment, and the people who act in it."""
