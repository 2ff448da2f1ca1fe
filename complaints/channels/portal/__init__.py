"""THE CUSTOMER'S PAGES behind a secret link."""
