"""The version of leadkit, read by the build and carried in every provenance."""

__version__ = "0.1.0"
