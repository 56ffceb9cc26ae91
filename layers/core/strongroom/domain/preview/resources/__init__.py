"""Which resources the plans catch, and why others are not caught."""
