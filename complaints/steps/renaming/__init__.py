"""RENAMING: a contact becomes a complaint, and what was no complaint goes on as a contact."""
