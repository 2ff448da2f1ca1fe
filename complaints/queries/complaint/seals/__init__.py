"""Holding what is stored against the history and its seals."""
