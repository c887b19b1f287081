"""The larger commands, one file each: parse, call, print."""
