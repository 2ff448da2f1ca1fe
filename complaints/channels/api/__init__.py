"""THE API under /api/v1: programs take the same steps as pages."""
