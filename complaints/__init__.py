"""Tanggap."""
