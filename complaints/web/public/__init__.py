"""PUBLIC PAGES: what anybody may read of how complaints are handled here."""
