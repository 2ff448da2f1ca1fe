"""MANAGEMENT REVIEW: what its record holds, how it stands, who writes it and who reads it."""
