"""The intent file: reading it, its schema, its reference."""
