"""COMPETENCE: what the records say of a person, criterion by criterion (FR.APL.02)."""
