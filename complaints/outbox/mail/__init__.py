"""MAIL: letters written, put into envelopes and handed to a transport."""
