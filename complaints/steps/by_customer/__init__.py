"""What customers do themselves, on their own page behind the secret link."""
