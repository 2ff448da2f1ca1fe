"""E-mail as a way in: each message is taken in once, and becomes what it is."""
