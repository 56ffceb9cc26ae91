"""What is wrong with one backup policy document, one module for each concern."""
