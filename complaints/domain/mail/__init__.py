"""What can be read from a message of e-mail, and what kind of message it is."""
