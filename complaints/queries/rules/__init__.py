"""RULES READ: versions, running recalculations, the impact of a change."""
