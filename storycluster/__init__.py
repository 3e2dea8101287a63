"""Find copies, overlapping stories and the new facts of each article in a pile of news."""
