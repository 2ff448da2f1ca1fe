"""PUBLIC POSTS IN THE API: recorded, listed, answered, set aside, made complaints."""
