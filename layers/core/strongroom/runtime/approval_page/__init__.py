"""The pages on which people sign: what the browser is given, as it is."""
