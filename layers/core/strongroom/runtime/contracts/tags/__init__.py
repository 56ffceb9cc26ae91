"""What the functions of the room `tags` are told by ourselves."""
