"""What a restore leaves off because it deletes or calls out."""
