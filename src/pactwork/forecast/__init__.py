"""Forecast: what is expected, as probabilities that can be scored; built on the ledger alone."""
