"""Approvals: the ticket, the people who are told, the bell, and what they sign."""
