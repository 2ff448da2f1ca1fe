"""INCIDENTS: opened, described, approved and closed; complaints linked, their customers told."""
