"""The AWS that contenders meet: a process of its own behind TLS, which answers as AWS does."""
