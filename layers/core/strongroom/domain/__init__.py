"""What Strongroom decides: pure functions over frozen values."""
