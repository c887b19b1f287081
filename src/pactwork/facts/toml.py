"""TOML files of a case, read with their problems located."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from pactwork.errors import Problem


def read_toml(path: Path, problems: list[Problem]) -> dict[str, Any] | None:
    """Return a file's content; {} where the case has none, None where it could not be read."""
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        problems.append(Problem(path.name, error.strerror or "an error", "a readable file", "check its rights"))
    except UnicodeDecodeError:
        problems.append(Problem(path.name, "bytes that are no UTF-8 text", "TOML in UTF-8", "save the file as UTF-8"))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        text = str(error)[:300] or "an error"
        place = re.search(r"\(at line (\d+), column (\d+)\)", text)
        where = f"{path.name}:{place[1]}" if place else path.name
        found = text.partition(" (at ")[0]
        problems.append(Problem(where, found[:1].lower() + found[1:], "TOML", "correct the syntax; text needs quotes"))
    return None
