"""Fakes of the ports of restores, and the world that is made of them."""
