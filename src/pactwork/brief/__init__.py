"""The brief: from a ledger to one page that people can read and defend line by line.

`write_brief` is loaded when it is asked for: those who only want words and charts need not wait for all it stands on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pactwork.brief.writing import Brief, write_brief

__all__ = ["Brief", "write_brief"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from pactwork.brief import writing

        return getattr(writing, name)
    raise AttributeError(name)
