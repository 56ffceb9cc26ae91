"""What the doctor reads of AWS and nobody else does."""
