"""`strongroom evidence`: what a restore left behind, checked and shown offline."""
