"""The mechanisms: one small function each, with its equation and source, on arrays alone."""
