"""Put the owed tag on a resource."""
