"""How results look on a terminal; the command line's own pen, one file a subject."""
