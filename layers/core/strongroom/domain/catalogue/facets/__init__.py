"""What a row of the catalogue may say of its type."""
