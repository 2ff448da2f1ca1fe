"""What customers said after the end of a complaint, as the API answers it."""
