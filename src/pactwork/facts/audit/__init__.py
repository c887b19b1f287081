"""Whether a case's figures stand in the documents they cite."""

from pactwork.facts.audit.audit import Audit, AuditRow, audit_case
from pactwork.facts.audit.uncited import UncitedNumber

__all__ = ["Audit", "AuditRow", "UncitedNumber", "audit_case"]
