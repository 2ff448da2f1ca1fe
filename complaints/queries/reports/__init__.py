"""REPORTS: figures of a period and the complaints behind each."""
