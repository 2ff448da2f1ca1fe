"""MESSAGES HANDED IN: by messengers and telephone systems, with a key or a signature."""
