"""THE ORGANISATION'S PAGES: what is decided without a shell, each part by its description."""
