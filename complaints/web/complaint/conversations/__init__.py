"""ANALYSIS and RESOLUTION: each a conversation on one page, recorded with one submit."""
