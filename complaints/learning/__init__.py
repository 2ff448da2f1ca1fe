"""LEARNING: which words go with which category, from complaints that have ended; a process alone.

scikit-learn is imported here only, and here only in a process that the worker starts for it.
"""
