"""INCIDENTS: the list with its alarms, one incident, and what is known at a place."""
