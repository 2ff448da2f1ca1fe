"""The clock: what runs by itself, when, and how it is started and stopped."""
