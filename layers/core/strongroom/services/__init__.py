"""One file per use case, on domain and ports."""
