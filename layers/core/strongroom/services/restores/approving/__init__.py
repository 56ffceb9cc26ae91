"""Read the ticket, ask the approvers, count what they proved."""
