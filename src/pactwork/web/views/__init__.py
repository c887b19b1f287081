"""The views, in the order the page lists them; each is a module with its ``VIEW``."""

from pactwork.web.pages import View
from pactwork.web.views import overview, what_if

VIEWS: tuple[View, ...] = (overview.VIEW, what_if.VIEW)
"""Every view."""
