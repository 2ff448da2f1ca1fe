"""MANAGEMENT REVIEW: drafted with the figures of its period, concluded, corrected, reminded of."""
