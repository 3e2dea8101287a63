"""Where a run is computed: an engine moves tables, it knows nothing of news."""
