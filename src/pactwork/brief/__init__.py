"""The brief: from a ledger to one page that people can read and defend line by line."""

from pactwork.brief.writing import Brief, write_brief

__all__ = ["Brief", "write_brief"]
