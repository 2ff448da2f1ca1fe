"""IMPROVEMENT: what is done against a cause of complaints, and how its effect is judged."""
