"""PEOPLE: accounts, absences, customers, and who hears of what."""
