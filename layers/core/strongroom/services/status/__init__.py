"""How well everything is protected, made ready to be shown."""
