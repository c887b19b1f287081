"""Futures: what could happen, as many futures of a ledger and a forecast."""
