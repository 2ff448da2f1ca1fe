"""READING CORRECTIVE ACTIONS: who sees them, the list, one whole, their effect, the causes."""
