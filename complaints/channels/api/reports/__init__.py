"""REPORTS by the API: as JSON, and as the files that page and command make."""
