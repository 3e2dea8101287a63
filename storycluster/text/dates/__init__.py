"""Dates in running text as intervals; relative ones from the direction of the verb."""

from storycluster.text.dates.find import Time, find_times, latest_absolute_date

__all__ = ["Time", "find_times", "latest_absolute_date"]
