"""FORMS OF AUTHORITIES: what is told of a quarter, counted so that it balances."""
