"""LISTS: complaints, people's boards and notifications, found and paged."""
