"""THE IMPORT of CSV files: rows of another system become complaints."""
