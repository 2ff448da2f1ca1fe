"""READING PUBLIC POSTS: who sees them, the list, the figures by channel, one post whole."""
