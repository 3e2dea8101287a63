"""Read: files, streams and records in memory become the tables articles and rejects."""

from storycluster.stages.read.originals import original_header, original_records
from storycluster.stages.read.registry import STDIN
from storycluster.stages.read.row_files import copy_rows
from storycluster.stages.read.stage import read_articles
from storycluster.stages.read.tables import read_table

__all__ = [
    "STDIN",
    "copy_rows",
    "original_header",
    "original_records",
    "read_articles",
    "read_table",
]
