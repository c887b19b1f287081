"""How the simulation's functions become machine code, kept on disk and never older than their source."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numpy.typing import NDArray

Array = NDArray[Any]
Function = TypeVar("Function", bound=Callable[..., object])


def _digest_sources() -> int:
    """Return a number that changes with any source of the simulation (FNV-1a over the files' bytes, by file)."""
    folder, digest = Path(__file__).parent, 0
    for text in (path.read_bytes() for path in sorted(folder.rglob("*.py"))):
        if b"compiling" not in text and b"NamedTuple" not in text:  # what compiles nothing puts nothing out of date
            continue
        digest = (digest * 1_000_003) ^ hash_bytes(text)
        digest &= 0xFFFFFFFFFFFFFFFF
    return digest


def hash_bytes(text: bytes) -> int:
    """Return a 32-bit hash that is the same on every machine and in every Python.

    Notes
    -----
    FNV-1a: Fowler, Noll, Vo; RFC 9923.

    Examples
    --------
    >>> hex(hash_bytes(b"foobar"))
    '0xbf9cf968'
    """
    found = 0x811C9DC5
    for byte in text:
        found = ((found ^ byte) * 0x01000193) & 0xFFFFFFFF
    return found


_DIGEST = _digest_sources()


def compiled(function: Function) -> Function:
    """Compile a function without the interpreter and without its lock; keep the result on disk.

    A step is compiled into whatever calls it, while numba looks only at a function's own file to tell whether what it
    kept is out of date. The digest of all sources is therefore part of what is looked at. Where no folder can be
    written, each process compiles anew. Arrays are not counted by reference (``_nrt``): a plan holds so many that
    counting took nine tenths of the time. Compiled functions must therefore make no arrays.
    """
    return _compile(function, forceinline=False)


def inlined(function: Function) -> Function:
    """Compile a function into each of its callers.

    A plan or a state is handed over array by array, seven words for each: called for every step, that takes longer than
    much of what is then done. For functions that one other calls, and for the smallest.
    """
    return _compile(function, forceinline=True)


def _compile(function: Function, *, forceinline: bool) -> Function:
    options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, "forceinline": forceinline}
    try:
        made = numba.njit(cache=True, **options)(function)
    except RuntimeError:
        return cast(Function, numba.njit(**options)(function))
    kept = made._cache._cache_file
    kept._source_stamp = (*kept._source_stamp, _DIGEST)
    return cast(Function, made)


@compiled
def copy_into(target: Array, source: Array) -> None:
    """Copy one array over another of its shape, entry by entry: compiled code here has no memory to copy by way of."""
    for entry in range(target.size):
        target.flat[entry] = source.flat[entry]


@compiled
def add_all(array: Array) -> float:
    """Return the sum of all entries."""
    total = 0.0
    for entry in range(array.size):
        total += array.flat[entry]
    return total
