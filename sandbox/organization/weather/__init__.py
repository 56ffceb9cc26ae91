"""Bad weather of AWS Organizations, on request: refused, throttled, or late."""
