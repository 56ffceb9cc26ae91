"""What the service control policies refuse, statement by statement, and for whom not."""
