"""A package, so that every test says `from tests.tools import ...` and means this folder."""
