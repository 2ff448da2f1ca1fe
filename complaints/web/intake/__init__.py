"""INTAKE: a complaint recorded in the order of the conversation."""
