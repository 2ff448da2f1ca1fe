"""THE OUTBOX: letters to customers and notices to staff, written with the fact, sent later."""
