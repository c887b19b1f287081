"""A case from a trade-register export of the SIPRI Arms Transfers Database."""

from pactwork.facts.sipri.importing import ImportReport, import_register

__all__ = ["ImportReport", "import_register"]
