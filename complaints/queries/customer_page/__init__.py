"""What customers read on their own page, and what they said there."""
