"""AWS on the wire: which call a request makes, with which parameters, by botocore's service models."""
