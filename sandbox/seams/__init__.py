"""Every private touch of MiniStack: one file for each part of it, each pinned by a contract test."""
