"""MANAGEMENT REVIEWS: listed, drafted, written, concluded, and printed."""
