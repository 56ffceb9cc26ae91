"""ServiceNow: the Table API, and what people do with changes."""
