"""What services ask of the world: small Protocols, a file for each capability."""
