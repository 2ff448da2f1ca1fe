"""PROOFS: what a record is to the rules, and in which order records have to come."""
