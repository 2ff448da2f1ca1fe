"""RESOLVING (element 3): from the explained cause to the end."""
