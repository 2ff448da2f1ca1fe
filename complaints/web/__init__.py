"""PAGES FOR STAFF: desk, intake, complaint, board, reports, accounts, login — thin edges.

A page checks the guard, reads the form, calls one step or query, commits once, and renders or
redirects. No SQL here.
"""
