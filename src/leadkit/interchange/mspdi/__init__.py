"""Microsoft Project XML (MSPDI): plans in and out, what gets lost on the way out, and who was given what."""

from leadkit.interchange.mspdi.losing import losses
from leadkit.interchange.mspdi.reading import read, read_assignments
from leadkit.interchange.mspdi.writing import write

__all__ = ["losses", "read", "read_assignments", "write"]
