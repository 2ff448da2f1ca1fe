"""What became of complaints, how long each step took, why they come and when."""
