"""How Strongroom knows that it is well itself: whom it hears, what it could not handle, whether it still looks."""
