"""The calls about incidents: what is sent, what is answered, and the routes."""
