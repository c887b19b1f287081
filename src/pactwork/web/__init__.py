"""The page: a partnership under one's hands, on one's own machine; ``pactwork serve``.

Server-rendered pages with a little plain JavaScript, a typed JSON API under ``/api``, charts drawn here as SVG; no
build step, nothing from outside. `settings`, `safety`, `cases` (the case as its files stand), `jobs` (long work) and
`pages` (views become pages) are the frame; `views` has a module for each view, `work` one for each kind of job.

Adding a view
-------------
1. ``views/NAME.py`` with a ``router = APIRouter()``, the page's route and the API's, and at its end
   ``VIEW = View("NAME", "Title", "/NAME", router, "one line about it")``. Name it in ``views/__init__.py``.

   - Page: ``@router.get("/NAME", include_in_schema=False)``, a plain ``def`` (it runs in a thread) with parameters
     ``request: Request, opened: TheCase`` (from `site`); ``return render(request, opened, VIEW, "NAME.html.j2", …)``.
   - API: routes under ``/api/NAME``, ``tags=["NAME"]``, typed parameters with bounds (``Annotated[int, Query(ge=…)]``),
     returning a pydantic model (derive from `models.Answer`); what a body holds derives from
     `models.Question`. Every route is declared and fuzzed.
   - Pieces of a page that take longer: a route ``/part/NAME/…`` (``include_in_schema=False``) that returns
     ``render_part(request, "NAME-piece.html.j2", …)``; the page says ``{{ part('/part/NAME/…', 'Working it out') }}``,
     and ``fill(place, path)`` of ``app.js`` asks for it again, with other values.
   - Import at module level only what is light (fastapi, facts, brief.formats): what forecasts, simulates or draws is
     imported inside functions, or the first page waits for it.

2. ``templates/NAME.html.j2``: ``{% extends 'frame.html.j2' %}``, ``{% block main %}`` with one ``<h1>``, and
   ``{% block scripts %}<script type="module" src="{{ static('NAME.js') }}"></script>{% endblock %}``. `macros.html.j2`
   has ``chart``, ``fact``, ``srcs``, ``bar``, ``part``, ``problem_list``. No inline script, no ``style=``, no
   ``on…=``: the policy forbids them. Data for a script goes into ``data-…`` attributes, or is asked from the API.
3. ``static/NAME.js``: a module that imports from ``./app.js`` (``ask``, ``Refusal``, ``make``, ``say``, ``fill``,
   ``settle``, ``keepInAddress``, ``showProblems``) and ``./jobs.js`` (``followJob``). The state of a view is its
   address: read it from ``location.search`` (or ``query`` in the template), keep it with ``keepInAddress``.

The current ledger
------------------
``opened: TheCase`` is an `OpenCase`: ``opened.ledger``, ``opened.revision``, ``opened.findings`` (everything the brief
says without simulating), ``opened.forecast``; ``opened.remember(key, make)`` works a value out once for this state of
the case, whoever asks. When a file changes there is a new `OpenCase`, and what was remembered is gone. A broken case
never reaches a route: its problems are shown in its place (409).

A job
-----
``work/NAME.py`` has a function ``(Work) -> Made``; ``work.KINDS`` names it. A route with ``site: TheSite`` starts it:
``describe_job(site.start_job("NAME", {…}, opened))`` (`common`), status 202; it answers 429 where as much runs as may.
On the page ``followJob(place, id, whenDone)`` shows stage, progress, time left, cancel, and a button to start again
what was interrupted. Put the id into the address, so that a reload finds it; ``/api/jobs?kind=NAME`` lists all.
It begins again from its start: nothing goes on halfway, nor by itself after a restart of the server.
Files that ``Made`` names are served at ``/api/jobs/ID/files/NAME``.

A chart
-------
``charts.show(drawing)`` draws a `brief.drawing.Drawing` (as `brief`'s ``plot_*`` return) to SVG once, and the template
puts it in place with ``{{ chart(one) }}``. Colours are the palette's names (``data-fill="accent"``), which the style
sheet gives in light and dark. SVG made by hand uses the same attributes or classes.

A refusal
---------
``raise refuse(status, where, found, expected, fix)`` (`problems`), ``unknown(what, given, expected)`` for an id that no
table holds, or a `CaseError` (422). Ids from a request are looked up in tables; no path from a request reaches the
file system.
"""
