"""COLLEAGUES: whom a note calls by name, and who follows a complaint."""
