"""OTHER CONTACTS: what is no complaint is taken, handed over and ended; no clock runs."""
