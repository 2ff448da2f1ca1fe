"""What is undertaken for a complaint: made by a step, kept, given up, asked for at the end."""
