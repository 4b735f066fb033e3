"""Differences between two Books as cell edits and appended rows."""
