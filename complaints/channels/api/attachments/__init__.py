"""The files of a complaint over the API."""
