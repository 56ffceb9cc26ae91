"""What `make bench` runs: the costs that a design decision was made for, measured anew."""
