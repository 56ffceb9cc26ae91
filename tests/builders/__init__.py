"""Values for tests, complete and believable, with any detail changed."""
