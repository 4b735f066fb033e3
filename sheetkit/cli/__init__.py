"""The command line: thin over the pipeline. Results to standard output, messages to standard error."""

from sheetkit.cli.main import main

__all__ = ["main"]
