"""Whole runs: a file in, the annotated file out."""
