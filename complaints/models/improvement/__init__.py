"""TABLES OF IMPROVEMENT: corrective actions and management reviews, each with its history."""
