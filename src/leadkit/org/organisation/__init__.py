"""Organisations: columns of people read and checked, lines repaired into a tree, an immutable snapshot."""

from leadkit.org.organisation.snapshot import Organisation, Weighting

__all__ = ["Organisation", "Weighting"]
