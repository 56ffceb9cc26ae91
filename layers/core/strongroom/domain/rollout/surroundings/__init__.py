"""What was there before us, and decides whether calls are seen and copies leave: trails, and the keys of sources."""
