"""An account with many things, which an inventory goes through."""
