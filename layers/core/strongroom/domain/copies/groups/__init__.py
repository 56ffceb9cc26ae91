"""One cause that stops many copies: what it is, and the one alert about it."""
