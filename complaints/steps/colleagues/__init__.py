"""COLLEAGUES: whom a note calls by name."""
