"""REPORTS for management."""
