"""OTHER CONTACTS: questions, requests, suggestions and praise: taken, listed, seen to."""
