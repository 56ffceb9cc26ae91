"""Looking at a live organisation without changing anything."""
