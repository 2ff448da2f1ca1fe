"""CASEWORK: steps beside the eighteen criteria — assign, talk, pause, extend, escalate."""
