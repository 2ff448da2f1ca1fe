"""CORRECTIVE ACTIONS: raised, changed, carried out, verified by someone else, or dropped."""
