"""PUBLIC POSTS: listed, taken one by one or from a file, answered, made complaints."""
