"""OTHER CONTACTS: what people also come with and is no complaint, and what its end takes."""
