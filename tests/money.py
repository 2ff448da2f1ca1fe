"""Currencies for tests: the demonstration's, and one that an organisation elsewhere would have."""

from complaints.domain.config.currency import Currency

RUPIAH = Currency("IDR", "Rp", "rupiah", "rupiah")
RINGGIT = Currency("MYR", "RM", "ringgit", "ringgit")
