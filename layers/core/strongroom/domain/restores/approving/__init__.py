"""How people come to the page: by a click in chat, and back to it from a login."""
