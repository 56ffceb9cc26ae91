"""`strongroom plan` and `strongroom apply`."""
