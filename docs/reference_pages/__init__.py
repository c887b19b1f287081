"""The reference pages of docs/, made from the package's own declarations; ``docs/make_reference.py`` writes them."""

from reference_pages.pages import make_pages

__all__ = ["make_pages"]
