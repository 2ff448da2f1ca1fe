"""THE DESK: what waits for whom, the list, the board, notifications."""
