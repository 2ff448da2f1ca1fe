"""NOTIFICATIONS: which of them somebody may have sent otherwise, and which the ladder demands."""
