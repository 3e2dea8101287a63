"""The command line: parse, call one function, print; the only importer of typer, with views of rich and tabulate."""

from storycluster.cli.app import app, main

__all__ = ["app", "main"]
