"""One room per outside system: the only place that knows how to talk to it."""
