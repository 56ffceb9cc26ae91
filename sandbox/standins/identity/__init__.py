"""An OpenID Connect provider with one-time codes."""
