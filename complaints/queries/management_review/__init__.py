"""READING MANAGEMENT REVIEWS: who sees them, the list, the one before, what became of actions."""
