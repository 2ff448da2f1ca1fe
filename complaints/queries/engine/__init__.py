"""THE ENGINE READ: its state, its running clocks, what does not fit together."""
