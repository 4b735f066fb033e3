"""Metrics, conditions and classes as small frozen trees, and their readings: formula, query, value,
sentence."""
