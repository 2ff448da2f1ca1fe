"""What a letter says beside its text: what was decided, and where the customer may go next."""
