"""POLICIES: clauses of versioned packs, their limits by law, and the impact of changing them."""
