"""What is known of messages that came in, and which complaint a message may belong to."""
