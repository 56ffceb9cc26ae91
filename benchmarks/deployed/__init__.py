"""What is deployed, built for this machine: how large it is, and what it costs to load."""
