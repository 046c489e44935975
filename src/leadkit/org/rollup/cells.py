"""Whether any design of published cells is safe: exact linear algebra over the groups it is made of."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, int_array
from leadkit._results import Result
from leadkit.errors import DisclosureError, OrgError
from leadkit.org.rollup.blocks import as_respondents
from leadkit.org.rollup.lightest import lightest_combination, solve_combination
from leadkit.org.showing import checked_minimum
from leadkit.typing import IntArray

__all__ = ["CellAudit", "audit_cells"]


@frozen(kw_only=True, eq=False)
class CellAudit(Result):
    """Whether published cells can be shown together, whatever their design.

    Parameters
    ----------
    is_safe : bool
        Whether no combination of the cells rests on fewer than `min_n` respondents.
    smallest : int, optional
        Respondents in the atoms that the narrowest combination touches; None without cells.
    witness : int array
        Those atoms, ascending; empty where a cell holds nobody who answered.
    combination : tuple of int
        What a reader multiplies the cells with to get at the witness, one whole number a cell.
    min_n : int
        The minimum that was asked for.
    """

    is_safe: bool
    smallest: int | None
    witness: IntArray = field(converter=int_array)
    combination: tuple[int, ...]
    min_n: int = field(converter=as_int)


def audit_cells(cells: ArrayLike, respondents: ArrayLike, *, min_n: int = 5, max_atoms: int = 24) -> CellAudit:
    """Judge any published sums or means by what a reader can work out about fewer than `min_n` respondents.

    Sums of cells are added and subtracted, so a release is unsafe when some rational combination of its cells, not
    zero, touches atoms with fewer than `min_n` respondents in all. Atoms are the groups that no cell divides: the
    people of one department and one level, say. Two cells with the same respondents are one; a cell without
    respondents is unsafe, since it says that none of its people answered.

    Parameters
    ----------
    cells : (c, a) array_like of bool or of 0 and 1
        Whether each atom lies in each published cell.
    respondents : (a,) array_like of int
        Respondents of each atom, at least 0.
    min_n : int
        Least number of respondents a number that can be worked out rests on, at least 3.
    max_atoms : int
        Most atoms with respondents that are judged; the work grows up to twofold with each.

    Returns
    -------
    CellAudit
        The verdict, and the narrowest combination as its proof.

    Raises
    ------
    DisclosureError
        `min_n` is below 3, or more than `max_atoms` atoms have respondents: there is no guessing.
    OrgError
        `cells` is no table of truth values with a column an atom, `respondents` are not counts, or `max_atoms` is no
        whole number of at least 1.

    References
    ----------
    .. [1] A. Hundepool et al., "Statistical Disclosure Control", Wiley, 2012, chapter 4.
    .. [2] J. Oxley, "Matroid Theory", 2nd ed., Oxford, 2011, chapter 2: the supports looked through are the cocircuits
       of the columns.

    Examples
    --------
    Two departments (rows of atoms) by two levels, all margins published: 9 = 3 + 6 and so on.

    >>> audit = audit_cells([[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 1, 0], [0, 1, 0, 1]], [3, 6, 5, 4])
    >>> audit.is_safe, audit.smallest, audit.witness.tolist()
    (True, 7, [0, 3])

    The second level without its two people in the first department gives those away.

    >>> audit = audit_cells([[1, 1, 1], [1, 0, 1]], [6, 2, 5])
    >>> audit.is_safe, audit.smallest, audit.witness.tolist(), audit.combination
    (False, 2, [1], (1, -1))
    """
    minimum = checked_minimum(min_n)
    table = _membership(cells)
    people = as_respondents(respondents, table.shape[1])
    if isinstance(max_atoms, bool) or not isinstance(max_atoms, int | np.integer) or max_atoms < 1:
        msg = f"max_atoms: expected a whole number of at least 1, got {max_atoms!r}"
        raise OrgError(msg)
    atoms = np.flatnonzero(people)
    if atoms.size > max_atoms:
        msg = (
            f"{atoms.size} atoms with respondents are more than max_atoms={max_atoms}: release fewer cells or raise it"
        )
        raise DisclosureError(msg)
    nobody = np.flatnonzero(~table[:, atoms].any(axis=1))
    if nobody.size:
        combination = tuple(int(cell == nobody[0]) for cell in range(len(table)))
        return CellAudit(is_safe=False, smallest=0, witness=(), combination=combination, min_n=minimum)
    kinds, kind_of = np.unique(table[:, atoms], axis=1, return_inverse=True)
    prices = np.bincount(kind_of.ravel(), weights=people[atoms], minlength=kinds.shape[1]).astype(np.int64)
    rows = kinds.astype(np.int64).tolist()
    found = lightest_combination(rows, prices.tolist())
    if found is None:
        return CellAudit(is_safe=True, smallest=None, witness=(), combination=(), min_n=minimum)
    return CellAudit(
        is_safe=found.weight >= minimum,
        smallest=found.weight,
        witness=atoms[np.isin(kind_of.ravel(), found.columns)],
        combination=solve_combination(rows, found.columns),
        min_n=minimum,
    )


def _membership(cells: ArrayLike) -> IntArray:
    try:
        table = np.asarray(cells)
    except ValueError as error:
        msg = f"cells: expected a table of cells by atoms: {error}"
        raise OrgError(msg) from error
    if table.ndim != 2:
        msg = f"cells: expected a table of cells by atoms, got {table.ndim} dimensions"
        raise OrgError(msg)
    if table.size and (table.dtype.kind not in "biuf" or not np.isin(table, (0, 1)).all()):
        msg = "cells: expected truth values, or 0 and 1"
        raise OrgError(msg)
    return table.astype(np.bool_).astype(np.int64)
