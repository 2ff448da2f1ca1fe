"""Reading the files of complaints, and what the store is asked about."""
