"""Numbers in, numbers out: compiled or vectorised, no files, no clock, no logging."""
