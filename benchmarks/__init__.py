"""How long things take, beside what they could take at least: ``python -m benchmarks``."""
