"""The shapes that arrive from outside: msgspec structs, one file per sender."""
