"""Tables as Parquet files, with every setting on which their bytes hang fixed."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
from pathlib import Path

import polars as pl

from pactwork.futures.files import PARTIAL, Entry, take_whole, write_whole
from pactwork.futures.uncertainties import Design

DESIGN_ROWS = 16384
"""Futures that are held at one time, and in a group of the file."""
_ROOM = 2**20
"""Bytes below which a disk is taken for full."""
_NUMBER = re.compile(r"os error (\d+)")


def write_frame(path: Path, frame: pl.DataFrame) -> Entry:
    """Write a table as one row group.

    Raises
    ------
    OSError
        When it cannot be written.
    """
    held = io.BytesIO()
    frame.rechunk().write_parquet(held, compression="zstd", compression_level=3, statistics=True,
                                  row_group_size=max(1, frame.height))  # fmt: skip
    return write_whole(path, held.getvalue())


def write_design(path: Path, design: Design) -> Entry:
    """Write the futures of a run, few of them held at a time.

    Raises
    ------
    OSError
        When they cannot be written.
    """
    pieces = [path.with_name(f".{path.name}.{first:09d}{PARTIAL}") for first in range(0, design.futures, DESIGN_ROWS)]
    whole = path.with_name(f".{path.name}{PARTIAL}")
    try:
        for at, piece in enumerate(pieces):
            some = design.frame(slice(at * DESIGN_ROWS, (at + 1) * DESIGN_ROWS))
            some.write_parquet(piece, compression="uncompressed")
        pl.scan_parquet(pieces, glob=False).sink_parquet(
            whole, compression="zstd", compression_level=3, statistics=True, row_group_size=DESIGN_ROWS,
            maintain_order=True,
        )  # fmt: skip
        return take_whole(whole, path)
    except pl.exceptions.PolarsError as error:  # it does not always say that the disk is full
        number = _NUMBER.search(str(error))
        if number is None and shutil.disk_usage(path.parent).free > _ROOM:
            raise
        code = int(number[1]) if number else errno.ENOSPC
        raise OSError(code, os.strerror(code), str(path)) from error
    finally:
        for left in (*pieces, whole):
            left.unlink(missing_ok=True)
