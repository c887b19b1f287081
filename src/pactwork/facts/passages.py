"""Sea passages that can be closed: one declaration that assumptions and sea routes both read."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType


@dataclass(frozen=True)
class Passage:
    """A narrow place that ships must go through, or sail around.

    ``network`` is its label in the maritime network; ``gates`` are lines from (longitude, latitude) to (longitude,
    latitude), in degrees, for a passage the network has no label for.
    """

    name: str
    title: str
    network: str | None = None
    gates: tuple[tuple[float, float, float, float], ...] = ()
    ice: bool = False


@functools.cache
def list_passages() -> Mapping[str, Passage]:
    """Return every passage that can be closed, by name, in alphabetical order.

    Examples
    --------
    >>> list_passages()["babalmandab"].title
    'Bab el-Mandeb'
    """
    declared = tomllib.loads((resources.files(__package__) / "passages.toml").read_text("utf-8"))
    found = {}
    for name in sorted(declared):
        one = declared[name]
        gates = tuple((line[0], line[1], line[2], line[3]) for line in one.get("gates", ()))
        found[name] = Passage(name, one["title"], one.get("network"), gates, one.get("ice", False))
    return MappingProxyType(found)
