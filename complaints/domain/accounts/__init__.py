"""What is ruled about the accounts of staff: failed logins, the keys of programs."""
