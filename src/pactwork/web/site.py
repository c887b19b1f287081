"""What every route is given: the settings, the case as it stands, and the jobs."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from dataclasses import dataclass, field
from typing import Annotated, cast

from fastapi import Depends, Request

from pactwork.web.cases import CaseWatch, OpenCase
from pactwork.web.job import Job
from pactwork.web.jobs import Jobs
from pactwork.web.settings import Settings

_BREATH_SECONDS = 0.3
"""Until the first page is out."""


@dataclass(frozen=True, eq=False)
class Site:
    """One server's parts; ``closing`` is set when it stops, for those who play in its threads."""

    settings: Settings
    watch: CaseWatch
    jobs: Jobs
    closing: threading.Event = field(default_factory=threading.Event)
    _warmed: threading.Event = field(default_factory=threading.Event, repr=False)

    def warm_up(self) -> None:
        """Work out the forecast while the first page is being read: it will be asked for next."""
        if not self._warmed.is_set():
            self._warmed.set()
            timer = threading.Timer(_BREATH_SECONDS, self._gather)
            timer.daemon = True
            timer.start()

    def _gather(self) -> None:
        with contextlib.suppress(Exception):  # whoever asks for it is told
            _ = self.watch.current().findings

    def start_job(self, kind: str, parameters: dict[str, object], opened: OpenCase) -> Job:
        """Start a job about the case; a 429 where as many run as may."""
        return self.jobs.start(kind, parameters, case=str(self.watch.root.resolve()), revision=opened.revision)


def make_site(settings: Settings) -> Site:
    """Return a server's parts; CaseError where there is no such case."""
    watch = CaseWatch(settings.case)
    place = hashlib.sha256(str(watch.root.resolve()).encode()).hexdigest()[:12]
    return Site(settings, watch, Jobs(settings.state / f"{watch.root.resolve().name}-{place}", settings.limits))


def site_of(request: Request) -> Site:
    """Return the parts of the server that a request came to."""
    return cast("Site", request.app.state.site)


def open_case(request: Request) -> OpenCase:
    """Return the case as its files stand now; its problems take the place of the view where it cannot be read."""
    return site_of(request).watch.current()


TheSite = Annotated[Site, Depends(site_of)]
"""A route's parameter: ``site: TheSite``."""
TheCase = Annotated[OpenCase, Depends(open_case)]
"""A route's parameter: ``opened: TheCase``; ``opened.ledger`` is the ledger."""
