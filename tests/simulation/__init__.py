"""Thousands of nights of our own services over a simulated AWS, clock and delivery, with every fault that is known."""
