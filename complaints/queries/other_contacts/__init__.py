"""Contacts that are no complaint, for those who see to them: lists, one whole, figures, proof."""
