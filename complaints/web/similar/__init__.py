"""SIMILAR: complaints like the one at hand, beside it."""
