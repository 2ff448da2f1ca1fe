"""ACTIONS: what can be done to a complaint, as pages and programs send it."""
