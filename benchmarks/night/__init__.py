"""Whole nights: how much is read, written, kept in memory and paid for, however large they are."""
