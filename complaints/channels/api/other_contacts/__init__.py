"""CONTACTS IN THE API: what is no complaint, recorded, listed and brought to its short end."""
