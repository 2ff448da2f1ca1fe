"""MONITORING: the deadline engine's page, health, readiness, metrics."""
