"""PLANNING (element 2): parties, cause, condition, priority, plan."""
