"""PEOPLE'S PAGES: accounts, absences, logging in."""
