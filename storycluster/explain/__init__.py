"""Why an article is where it is, or why two are (not) together, from what a run has stored."""
