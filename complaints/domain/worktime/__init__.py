"""WORKING TIME: when an organisation is open, and counting in the seconds it is open."""

from complaints.domain.worktime.calendar import WorkCalendar

__all__ = ["WorkCalendar"]
