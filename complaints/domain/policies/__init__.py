"""POLICIES: clauses of policies in versions, their limits by law, and what changing them does."""
