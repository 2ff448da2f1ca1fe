"""THE RULES of complaint handling: pure functions and values, standard library only.

Nothing here reads a clock, a file, a database or a request: instants, people and data are
arguments.
"""
