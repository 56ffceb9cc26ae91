"""Which of our rules hears an event, and where events are heard at all."""
