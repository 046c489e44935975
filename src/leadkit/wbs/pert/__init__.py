"""The textbook answer: the critical path at the means and a normal distribution around its length."""

from leadkit.wbs.pert.path import PertResult, pert_path

__all__ = ["PertResult", "pert_path"]
