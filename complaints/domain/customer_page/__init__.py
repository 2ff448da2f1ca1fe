"""What holds for customers on their own page: the life of a link, and what coming back does."""
