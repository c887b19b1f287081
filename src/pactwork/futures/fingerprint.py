"""What a worker plays with: processor and libraries, on which the last digit of a result may hang."""

from __future__ import annotations

import functools
import hashlib
import platform
from dataclasses import asdict, dataclass, fields
from importlib import metadata

LIBRARIES = ("numba", "llvmlite", "numpy", "scipy", "polars")


@dataclass(frozen=True)
class Fingerprint:
    """Processor, its instructions (a digest), and versions.

    Workers that share it make the same bytes; others may differ in the last digit, since compiled code rounds as the
    processor's instructions do.
    """

    processor: str
    instructions: str
    system: str
    python: str
    libraries: tuple[str, ...]

    @property
    def short(self) -> str:
        """All of it in sixteen characters."""
        return hashlib.sha256(repr(asdict(self)).encode()).hexdigest()[:16]

    def differs_in(self, other: Fingerprint) -> list[str]:
        """Return what differs, as ``name: theirs``."""
        return [f"{one.name} {_text(getattr(other, one.name))}" for one in fields(self)
                if getattr(self, one.name) != getattr(other, one.name)]  # fmt: skip


def _text(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) else str(value)


@functools.cache
def read_fingerprint() -> Fingerprint:
    """Return this process's fingerprint."""
    from llvmlite import binding

    features = binding.get_host_cpu_features().flatten()
    return Fingerprint(
        binding.get_host_cpu_name(), hashlib.sha256(features.encode()).hexdigest()[:12], platform.system(),
        ".".join(platform.python_version_tuple()[:2]), tuple(f"{name} {metadata.version(name)}" for name in LIBRARIES),
    )  # fmt: skip
