"""Numbers, amounts and dates in running text."""

from pactwork.facts.quantities.quantity import Quantity, find_quantities

__all__ = ["Quantity", "find_quantities"]
