"""MANAGEMENT REVIEWS IN THE API: drafted, listed, concluded, corrected, and as a PDF."""
