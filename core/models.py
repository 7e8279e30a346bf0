"""Where Django finds core's tables; each is defined beside what it is for."""

from core.audit import AuditEvent, AuditStream
from core.jobs import Job
from core.storage import StoredFile

__all__ = ["AuditEvent", "AuditStream", "Job", "StoredFile"]
