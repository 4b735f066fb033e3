"""The command line: thin over the pipeline. Results to standard output, messages to standard error."""

try:
    from sheetkit.cli.main import main
except KeyboardInterrupt:  # pressed before there is anything to stop
    raise SystemExit(130) from None

__all__ = ["main"]
