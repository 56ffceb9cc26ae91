"""The night of paths: by each way back once, because no nearer one is left."""
