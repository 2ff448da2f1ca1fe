"""How reports cut time: the blocks that sums are kept for, and the lengths that are told apart."""
