"""INCIDENTS: many complaints with one cause, and when there are more of a kind than usual."""
