"""The command line. Only it imports typer; only it and the views import rich and tabulate."""

from storycluster.cli.app import app, main

__all__ = ["app", "main"]
