"""Sums of the reports: what a complaint adds to them, how they are read, and whether they hold."""
