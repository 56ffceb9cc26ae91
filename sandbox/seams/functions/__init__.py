"""Private touches of MiniStack's Lambda, and the processes that its functions work in."""
