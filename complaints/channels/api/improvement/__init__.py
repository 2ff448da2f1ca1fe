"""CORRECTIVE ACTIONS IN THE API: raised, listed, carried out, verified, with their effect."""
