"""READING: SQL in, plain rows out. Nothing here changes a row, nothing here says who may read.

Callers pass the actor; scope is part of each query.
"""
