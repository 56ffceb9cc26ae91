"""Carry out what was approved, and keep the evidence."""
