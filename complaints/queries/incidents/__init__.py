"""INCIDENTS: the list and one of them, what is known at a place, who waits, what is unusual."""
