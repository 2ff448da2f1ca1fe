"""Files on a complaint: attached, hidden from the customer, opened by somebody."""
