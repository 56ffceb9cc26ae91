"""What contenders are given to do, and how it is seen that they did it."""
