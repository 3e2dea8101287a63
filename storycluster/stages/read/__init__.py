"""Read: files, streams and records in memory become the tables articles and rejects."""

from storycluster.stages.read.originals import original_header, original_records, write_records
from storycluster.stages.read.stage import articles_from_records, read_articles

__all__ = ["articles_from_records", "original_header", "original_records", "read_articles", "write_records"]
