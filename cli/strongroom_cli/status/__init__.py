"""How well everything is protected, asked of the API."""
