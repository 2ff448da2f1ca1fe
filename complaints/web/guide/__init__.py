"""How each person works with Tanggap, read beside the work itself."""
