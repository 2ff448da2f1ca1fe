"""RULES: the organisation's versioned rules, loaded from files and edited on pages."""
