"""`strongroom doctor`."""
