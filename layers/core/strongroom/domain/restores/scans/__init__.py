"""What scans for malware say of what would be restored."""
