"""PUBLIC POSTS: the same link once, what can be done to one, and what no reply may tell."""
