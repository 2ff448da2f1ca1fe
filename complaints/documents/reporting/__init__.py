"""REPORTS FOR MANAGEMENT as they are read: sentences, pictures, paper, files; no figure is made."""
