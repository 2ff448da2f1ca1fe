"""DOCUMENTS: receipts and letters as PDF pages, from what is to be said and the forms of typst."""
