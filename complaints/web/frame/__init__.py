"""THE FRAME of every page: layout, guards, errors, languages, filters, form parsing."""
