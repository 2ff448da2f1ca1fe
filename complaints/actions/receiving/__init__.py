"""RECEIVING (element 1): from the customer's story to the receipt."""
