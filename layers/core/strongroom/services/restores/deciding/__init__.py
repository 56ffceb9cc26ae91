"""Hold what people signed against the rules of then and of now."""
