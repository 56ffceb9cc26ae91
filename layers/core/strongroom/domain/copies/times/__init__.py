"""How long copies take, and may take."""
