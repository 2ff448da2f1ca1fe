"""COMMANDS: what the console script does, one command a module."""
