"""Believable made-up shops. Installed as ``sheetkit.sample_data``."""
