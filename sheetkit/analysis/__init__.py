"""Book → Analysis: identity, metrics, classes, trends and the plan. Pure: no file is read or written."""
