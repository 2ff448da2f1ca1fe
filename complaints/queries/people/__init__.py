"""PEOPLE READ: accounts, tokens, absences, whoever comes in with a session."""
