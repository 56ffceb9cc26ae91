"""The world of the simulation, and histories that are played in it."""
