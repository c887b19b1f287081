"""The views, in the order the page lists them; each is a module with its ``VIEW``."""

from pactwork.web.pages import View
from pactwork.web.views import brief, choices, deliveries, evidence, overview, politics, sea_lanes, what_if

VIEWS: tuple[View, ...] = (
    overview.VIEW,
    evidence.VIEW,
    deliveries.VIEW,
    what_if.VIEW,
    sea_lanes.VIEW,
    politics.VIEW,
    choices.VIEW,
    brief.VIEW,
)
"""Every view."""
