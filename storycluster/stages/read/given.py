"""Articles a caller hands over: ``Article`` objects, mappings with the usual names, or a dataframe of any kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from storycluster.config import ReadConfig
from storycluster.model import Article
from storycluster.stages.read.columns import Columns, pick_article, to_json
from storycluster.stages.read.records import Draft, Found, Reject

if TYPE_CHECKING:
    import narwhals as nw

FRAME_ROWS = 1_000  # rows taken from a dataframe at a time
_MISSING = frozenset({"NAType", "NaTType"})


def draft_records(records: Iterable[object], config: ReadConfig) -> Iterator[Found]:
    """A draft or reject per record; rejects carry its place, from 1, as line."""
    columns = Columns(config.fields)
    for place, record in enumerate(records, start=1):
        if isinstance(record, Article):
            yield _draft_article(record, place)
        elif isinstance(record, Mapping):
            found = pick_article(record, columns, line=place, max_nesting=config.max_nesting)
            yield found._replace(record=to_json(record)) if type(found) is Reject else found._replace(line=None)
        else:
            yield Reject(place, f"neither an Article nor a mapping but {type(record).__name__}", repr(record)[:1_000])


def _draft_article(article: Article, place: int) -> Found:
    if not isinstance(article.text, str):
        return Reject(place, f"text is no string but {type(article.text).__name__}", repr(article)[:1_000])
    return Draft(
        None,
        article.text,
        article.id,
        article.title,
        article.published,
        article.source,
        article.url,
        article.language,
    )


def open_frame(candidate: object) -> nw.DataFrame[Any] | None:
    """The dataframe behind a pandas, polars or Arrow object; None for anything else."""
    if isinstance(candidate, str | Mapping | list | tuple | Article):
        return None
    import narwhals as nw

    frame = nw.from_native(candidate, pass_through=True)
    if isinstance(frame, nw.LazyFrame):
        return frame.collect()
    return frame if isinstance(frame, nw.DataFrame) else None


def frame_records(frame: nw.DataFrame[Any]) -> Iterator[dict[str, object]]:
    """The rows of a dataframe as mappings, a missing value as None."""
    for row in frame.iter_rows(named=True, buffer_size=FRAME_ROWS):
        yield {str(name): None if _is_missing(value) else value for name, value in row.items()}


def _is_missing(value: object) -> bool:
    return (isinstance(value, float) and value != value) or type(value).__name__ in _MISSING
