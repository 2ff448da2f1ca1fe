"""What management reads first, made of the figures of the reports."""
