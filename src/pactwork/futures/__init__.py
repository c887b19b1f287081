"""Futures: the partnership as a simulation, step by step, under many futures and much chance."""
