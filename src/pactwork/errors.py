"""What is wrong with an input, and where: every problem located, all reported at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with an input, or one place where the world does not add up.

    Parameters
    ----------
    where : str
        File, line and column: ``facts/lots.csv:12 due``.
    found : str
        What stands there.
    expected : str
        What should stand there.
    fix : str
        What to do about it.

    Examples
    --------
    >>> print(Problem("facts/lots.csv:12 due", '"2025-13"', "an EDTF date such as 2025-12", "correct the month"))
    facts/lots.csv:12 due | found "2025-13" | expected an EDTF date such as 2025-12 | correct the month
    """

    where: str
    found: str
    expected: str
    fix: str

    def __str__(self) -> str:
        return f"{self.where} | found {self.found} | expected {self.expected} | {self.fix}"

    def as_dict(self) -> dict[str, str]:
        """Return the problem as the JSON object of ``pactwork check``."""
        return asdict(self)


class CaseError(Exception):
    """An input cannot be used; carries every problem found, never only the first, and what was left of the work."""

    def __init__(self, problems: Iterable[Problem], *, left: str = "nothing was written") -> None:
        self.left = left
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def quoted(value: object, limit: int = 60) -> str:
    """Return what was found as a short quotation, safe to print on one line.

    Examples
    --------
    >>> quoted("Oct-24")
    '"Oct-24"'
    >>> quoted("")
    'nothing'
    """
    if value is None or value == "":
        return "nothing"
    text = "".join(char if char.isprintable() else " " for char in str(value))
    return f'"{text[: limit - 1]}…"' if len(text) > limit else f'"{text}"'
