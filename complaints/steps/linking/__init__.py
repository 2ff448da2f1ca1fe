"""LINKING: complaints that have to do with each other, and one story with two matters."""
