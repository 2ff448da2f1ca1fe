"""FORMATS: reading files of others — maps, times, calendars, rejected rows."""
