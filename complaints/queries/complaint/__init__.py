"""ONE COMPLAINT: everything that its pages and answers show."""
