"""ONE COMPLAINT'S PAGES: journey, forms, timeline, deadlines explained."""
