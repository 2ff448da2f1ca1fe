"""PUBLIC POSTS: taken, answered in public, set aside, made complaints; warned of and escalated."""
