"""Everything classical about k items in k x k numbers, however many people answered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import add
from typing import Literal, Self, TypeAlias

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, float_array, int_array, optional_int_array
from leadkit.stats._arrays import check_word, checked_bounds, item_names
from leadkit.stats.moments.accumulation import Table, accumulate, table
from leadkit.stats.moments.checks import MISSING, centre_vector, check_moments, pair_sums, positions, whole
from leadkit.stats.moments.estimates import ItemEstimates
from leadkit.typing import FloatArray, IntArray

Missing: TypeAlias = Literal["pairwise", "listwise"]


@frozen(kw_only=True, eq=False)
class ItemMoments(ItemEstimates):
    """Counts, sums and products of k items about a centre; parts of the data add up to the whole.

    Built by `from_array`, `from_chunks` or `from_sums`; two add up with `+`, many with `merge`.

    Parameters
    ----------
    items : tuple of str
        Item names, (k,).
    counts : (k, k) int array
        Rows that answer both item i and item j.
    sums : (k, k) float array
        Sum of `x_i - centre_i` over those rows.
    products : (k, k) float array
        Sum of `(x_i - centre_i) (x_j - centre_j)` over those rows.
    centre : (k,) float array
        What was taken off every answer.
    n_rows, n_complete : int
        All rows, and those with an answer to every item.
    missing : {"pairwise", "listwise"}
        Whether incomplete rows count for the pairs they answer, or not at all.
    bounds : (float, float) or None
        Ends of the answer scale, when they are known.
    floor_counts, ceiling_counts : (k,) int array or None
        Answers at the lower and at the upper end; None when they were not counted.

    Examples
    --------
    >>> moments = ItemMoments.from_array([[1, 2], [2, 4], [3, 3]])
    >>> moments.means
    array([2., 3.])
    >>> moments.covariance
    array([[1. , 0.5],
           [0.5, 1. ]])
    """

    items: tuple[str, ...]
    counts: IntArray = field(converter=int_array)
    sums: FloatArray = field(converter=float_array)
    products: FloatArray = field(converter=float_array)
    centre: FloatArray = field(converter=float_array)
    n_rows: int = field(converter=as_int)
    n_complete: int = field(converter=as_int)
    missing: str
    bounds: tuple[float, float] | None
    floor_counts: IntArray | None = field(converter=optional_int_array)
    ceiling_counts: IntArray | None = field(converter=optional_int_array)

    def __attrs_post_init__(self) -> None:
        check_moments(self)

    @classmethod
    def from_array(
        cls,
        x: ArrayLike,
        *,
        items: Sequence[str] | None = None,
        bounds: tuple[float, float] | None = None,
        centre: ArrayLike | None = None,
        missing: Missing = "pairwise",
        chunk_rows: int | None = None,
    ) -> Self:
        """Reduce answers to their moments in one pass, a chunk of rows at a time.

        Parameters
        ----------
        x : (n, k) array-like
            Answers, a row a person; NaN, None or masked is missing.
        items : sequence of str, optional
            Item names, (k,); `item1`, `item2`, ... by default.
        bounds : (float, float), optional
            Ends of the answer scale; an answer outside is refused, answers at the ends are counted.
        centre : float or (k,) array-like, optional
            What to take off every answer; the midpoint of `bounds`, else each item's first answer.
        missing : {"pairwise", "listwise"}
            Whether incomplete rows count for the pairs they answer, or not at all.
        chunk_rows : int, optional
            Rows worked on at once, at most 2**20 cells; as many as fit a processor's cache by default.

        Returns
        -------
        ItemMoments
            The moments of the k items.

        Raises
        ------
        ValueError
            `x` is not a table of real numbers, holds infinity or an answer outside `bounds`; a word is unknown.

        Examples
        --------
        >>> ItemMoments.from_array([[1, 2], [float("nan"), 4]], bounds=(1, 5)).counts
        array([[1, 1],
               [1, 2]])
        """
        return cls._from_tables([table(x, "x")], items, bounds, centre, missing, chunk_rows)

    @classmethod
    def from_chunks(
        cls,
        chunks: Iterable[ArrayLike],
        *,
        items: Sequence[str] | None = None,
        bounds: tuple[float, float] | None = None,
        centre: ArrayLike | None = None,
        missing: Missing = "pairwise",
    ) -> Self:
        """Reduce answers that come as several tables, for data larger than memory.

        Parameters
        ----------
        chunks : iterable of (n_i, k) array-like
            Answers of some people each; read once, in order.
        items, bounds, centre, missing
            As for `from_array`.

        Returns
        -------
        ItemMoments
            The moments of all rows.

        Raises
        ------
        ValueError
            As for `from_array`; chunks differ in their number of items; there is no chunk and `items` is None.

        Examples
        --------
        >>> ItemMoments.from_chunks([[[1, 2]], [[2, 4], [3, 3]]]).means
        array([2., 3.])
        """
        tables = (table(chunk, f"chunks[{number}]") for number, chunk in enumerate(chunks))
        return cls._from_tables(tables, items, bounds, centre, missing, None)

    @classmethod
    def _from_tables(
        cls,
        tables: Iterable[Table],
        items: Sequence[str] | None,
        bounds: tuple[float, float] | None,
        centre: ArrayLike | None,
        missing: Missing,
        chunk_rows: int | None,
    ) -> Self:
        check_word(missing, "missing", MISSING)
        ends = None if bounds is None else checked_bounds(bounds)
        names, wanted, rows = accumulate(
            tables, items=items, bounds=ends, centre=centre, listwise=missing == "listwise", chunk_rows=chunk_rows
        )
        moments = cls(
            items=names,
            counts=rows.counts,
            sums=rows.sums,
            products=rows.products,
            centre=np.where(np.isnan(rows.centre), 0.0, rows.centre),
            n_rows=rows.n_rows,
            n_complete=rows.n_complete,
            missing=missing,
            bounds=ends,
            floor_counts=None if ends is None else rows.floor_counts,
            ceiling_counts=None if ends is None else rows.ceiling_counts,
        )
        return moments if wanted is None else moments.recentred(wanted)

    @classmethod
    def from_sums(
        cls,
        counts: ArrayLike,
        sums: ArrayLike,
        products: ArrayLike,
        *,
        centre: ArrayLike,
        items: Sequence[str] | None = None,
        n_rows: int | None = None,
        n_complete: int | None = None,
        missing: Missing = "pairwise",
        bounds: tuple[float, float] | None = None,
        floor_counts: ArrayLike | None = None,
        ceiling_counts: ArrayLike | None = None,
    ) -> Self:
        """Take moments that a database or a cluster has added up.

        Parameters
        ----------
        counts : int or (k, k) array-like of int
            Rows that answer both items; one number for complete rows.
        sums : (k,) or (k, k) array-like
            Sum of `x_i - centre_i` over the rows that answer both i and j; (k,) beside one count.
        products : (k, k) array-like
            Sum of `(x_i - centre_i) (x_j - centre_j)` over those rows; NaN (NULL) is 0 where there are none.
        centre : float or (k,) array-like
            What was taken off every answer before it was added up.
        items : sequence of str, optional
            Item names, (k,); `item1`, `item2`, ... by default.
        n_rows, n_complete : int, optional
            All rows and the complete ones; the largest and the smallest count by default.
        missing : {"pairwise", "listwise"}
            Under `"listwise"` all counts are `n_complete`.
        bounds : (float, float), optional
            Ends of the answer scale.
        floor_counts, ceiling_counts : (k,) array-like of int, optional
            Answers at the lower and at the upper end.

        Returns
        -------
        ItemMoments
            The moments, the same as `from_array` makes of the rows.

        Raises
        ------
        ValueError
            Shapes do not fit, or no data can have these counts and products.

        Examples
        --------
        >>> ItemMoments.from_sums(3, [6, 9], [[14, 19], [19, 29]], centre=0).covariance
        array([[1. , 0.5],
               [0.5, 1. ]])
        """
        n, totals, squares = pair_sums(counts, sums, products)
        names = item_names(items, len(totals))
        return cls(
            items=names,
            counts=n,
            sums=totals,
            products=squares,
            centre=centre_vector(centre, len(names)),
            n_rows=int(n.max(initial=0)) if n_rows is None else n_rows,
            n_complete=int(n.min(initial=n.max(initial=0))) if n_complete is None else n_complete,
            missing=missing,
            bounds=None if bounds is None else checked_bounds(bounds),
            floor_counts=None if floor_counts is None else whole(floor_counts, "floor_counts"),
            ceiling_counts=None if ceiling_counts is None else whole(ceiling_counts, "ceiling_counts"),
        )

    @classmethod
    def merge(cls, parts: Iterable[Self]) -> Self:
        """Add up the moments of several parts of the data; at least one.

        Raises
        ------
        ValueError
            There is no part, or parts differ in items, missing rule or bounds.

        Examples
        --------
        >>> parts = [ItemMoments.from_array([[1, 2]]), ItemMoments.from_array([[2, 4], [3, 3]])]
        >>> ItemMoments.merge(parts).means
        array([2., 3.])
        """
        several = tuple(parts)
        if not several:
            msg = "parts: expected at least one, got none"
            raise ValueError(msg)
        return reduce(add, several)

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, ItemMoments):
            return NotImplemented
        for name in ("items", "missing", "bounds"):
            ours, theirs = getattr(self, name), getattr(other, name)
            if ours != theirs:
                msg = f"{name}: moments that are added must agree, got {ours!r} and {theirs!r}"
                raise ValueError(msg)
        left = self.recentred(np.where(self.n_answered > 0, self.centre, other.centre))
        right = other.recentred(left.centre)
        return evolve(
            left,
            counts=left.counts + right.counts,
            sums=left.sums + right.sums,
            products=left.products + right.products,
            n_rows=left.n_rows + right.n_rows,
            n_complete=left.n_complete + right.n_complete,
            floor_counts=added(left.floor_counts, right.floor_counts),
            ceiling_counts=added(left.ceiling_counts, right.ceiling_counts),
        )

    def recentred(self, centre: ArrayLike) -> Self:
        """Express the same moments about another centre, a number or (k,); no statistic changes.

        Examples
        --------
        >>> ItemMoments.from_array([[1, 2], [3, 4]]).recentred(0).sums
        array([[4., 4.],
               [6., 6.]])
        """
        target = centre_vector(centre, self.n_items)
        shift = target - self.centre
        sums = self.sums - self.counts * shift[:, np.newaxis]
        with np.errstate(all="ignore"):
            cross = self.sums * shift
            products = self.products - (cross + cross.T) + self.counts * np.multiply.outer(shift, shift)
            least = np.where(self.counts > 0, sums * sums.T / self.counts, 0.0)
        # rounding must not make an item vary that never did, nor its squares less than its mean makes them
        products = np.where(np.logical_or.outer(self.is_constant, self.is_constant), least, products)
        np.fill_diagonal(products, np.maximum(products.diagonal(), least.diagonal()))
        return evolve(self, centre=target, sums=sums, products=products)

    def select(self, items: Sequence[str]) -> Self:
        """Keep the named items, in the order named.

        How many rows answer all of three items or more cannot be told from moments of pairs; when rows with gaps are
        counted, `n_complete` is then the smallest count, which is the most it can be.

        Raises
        ------
        ValueError
            A name is unknown or there twice.

        Examples
        --------
        >>> ItemMoments.from_array([[1, 2], [3, 4]], items=["a", "b"]).select(["b"]).means
        array([3.])
        """
        kept = positions(items, self.items)
        block = np.ix_(kept, kept)
        counts = self.counts[block]
        return evolve(
            self,
            items=tuple(self.items[place] for place in kept),
            counts=counts,
            sums=self.sums[block],
            products=self.products[block],
            centre=self.centre[kept],
            n_complete=self.n_complete if len(kept) == self.n_items else int(counts.min(initial=self.n_rows)),
            floor_counts=None if self.floor_counts is None else self.floor_counts[kept],
            ceiling_counts=None if self.ceiling_counts is None else self.ceiling_counts[kept],
        )

    def reversed(self, items: Sequence[str], *, bounds: tuple[float, float]) -> Self:
        """Turn the named items around: answer x becomes low + high - x.

        Parameters
        ----------
        items : sequence of str
            Names of the items to turn around.
        bounds : (float, float)
            Low and high end of the answer scale; the moments' own where they have them.

        Returns
        -------
        ItemMoments
            The moments of the reversed answers, exactly.

        Raises
        ------
        ValueError
            A name is unknown or there twice; `bounds` are not the moments' own.

        Examples
        --------
        >>> ItemMoments.from_array([[1, 2], [2, 2]]).reversed(["item1"], bounds=(1, 5)).means
        array([4.5, 2. ])
        """
        turned = np.zeros(self.n_items, dtype=np.bool_)
        turned[positions(items, self.items)] = True
        low, high = checked_bounds(bounds)
        if self.bounds is not None and self.bounds != (low, high):
            msg = f"bounds: expected {self.bounds}, those of the moments, got {(low, high)}"
            raise ValueError(msg)
        sign = np.where(turned, -1.0, 1.0)
        floor, ceiling = self.floor_counts, self.ceiling_counts
        return evolve(
            self,
            sums=self.sums * sign[:, np.newaxis],
            products=self.products * np.multiply.outer(sign, sign),
            centre=np.where(turned, low + high - self.centre, self.centre),
            floor_counts=None if floor is None or ceiling is None else np.where(turned, ceiling, floor),
            ceiling_counts=None if floor is None or ceiling is None else np.where(turned, floor, ceiling),
        )


def added(first: IntArray | None, second: IntArray | None) -> IntArray | None:
    """Add counts of answers at an end, unknown when one of them is."""
    return None if first is None or second is None else first + second
