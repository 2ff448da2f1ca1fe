"""THE PROCESS: one verb per file, all through `advance`.

Steps never read the clock, the request or the current user, and never commit: `case` carries
the session, the rules, the person and the instant.
"""
