"""Tables to text, Markdown, JSON and HTML; a view computes nothing."""
