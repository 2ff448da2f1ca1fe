"""WEBHOOKS AS RULES: which events there are, where they may go, and when a call is made again."""
