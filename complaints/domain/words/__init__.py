"""WORDS: what texts say whoever typed them: comparing them, courtesy, the form of address."""
