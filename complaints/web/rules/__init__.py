"""THE RULES' PAGES: policies, calendars, ladders, and the impact of changing them."""
