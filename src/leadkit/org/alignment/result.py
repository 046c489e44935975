"""What is found about alignment, and what of it may be shown."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from attrs import evolve, field, frozen

from leadkit._fields import as_float, as_int, float_array
from leadkit.org._hiding import checked_again, shown_if
from leadkit.org.flags import sorted_flags
from leadkit.org.showing import DISCLOSED, GuardedResult, shown_groups
from leadkit.typing import BoolArray, FloatArray

__all__ = ["Alignment"]


def _optional_int(value: int | None) -> int | None:
    return None if value is None else int(value)


@frozen(kw_only=True, eq=False)
class Alignment(GuardedResult):
    """How alike people rank the same priorities: overall, by layer, along chains, with the boss, with the endgame.

    Layer 1 is the roots', and stands first in every array by layer. Before it is shown it goes through `disclosed`.

    Parameters
    ----------
    n_items : int
        How many priorities were ranked.
    n_raters : int
        People who ranked them all. W among three raters is high by chance, so this belongs beside it.
    kendall_w : float
        Kendall's W of all raters, in [0, 1], corrected for ties; NaN for fewer than two raters, or if they tied all.
    n_by_layer, w_by_layer : (n_layers,) array
        Raters of each layer and their W; NaN as above.
    n_chains : int or None
        Contributors in `chain_w_mean`.
    n_chain_raters : int or None
        People who answered on one of their chains.
    n_chain_bosses : int or None
        Those of them who have reports.
    chain_w_mean : float
        Mean over contributors, people without reports, of W among the person and all above who answered; a chain
        needs two of them, and one that has not tied all. NaN without any such chain.
    n_pairs : int
        People who answered and whose direct boss did.
    boss_tau_mean, boss_spearman_mean : float
        Mean Kendall's tau-b and Spearman's rho of a person and the boss, in [-1, 1]; NaN without such a pair.
    n_pairs_by_layer, boss_tau_by_layer : (n_layers,) array
        Pairs with a tau by the layer of the report, and their mean tau; NaN without any.
    n_bosses_by_layer : (n_layers,) array
        The bosses in these pairs, each once, by the layer of the report.
    n_compared : int or None
        People with a tau to the endgame's ranking.
    endgame_tau_mean : float
        Mean tau-b of a person and the endgame's ranking, in [-1, 1]; NaN without a ranking.
    same_direction_share : float
        Share of those people whose tau is above 0.
    n_same_direction : int or None
        How many these are.
    n_undefined : int or None
        Taus left out of the means, to the boss or to the endgame, because one of the two rankings is all tied.
    n_chain_apart : int or None
        People by whom `chain_w_mean` rests on more or fewer than `boss_spearman_mean`: a chain of two tells the same
        as the pair. `disclosed` looks at it, because the two could be subtracted.
    n_endgame_apart : int or None
        People whose tau to the endgame is not also their tau to the boss; `disclosed` looks at it likewise.
    n_unlike : int or None
        Raters who do not rank as the largest number of them does; `disclosed` looks at it.
    n_tied : int or None
        Raters who gave all priorities the same rank; `disclosed` looks at it.
    min_n : int or None
        Fewest people that a shown number rests on; None before `disclosed`.
    flags : tuple of str
        `too_few_raters`, `all_tied`, `no_endgame`, `endgame_from_root`, `unfilled_answered`, `disclosed`.
    """

    n_items: int = field(converter=as_int)
    n_raters: int = field(converter=as_int)
    kendall_w: float = field(converter=as_float)
    n_by_layer: FloatArray = field(converter=float_array)
    w_by_layer: FloatArray = field(converter=float_array)
    n_chains: int | None = field(converter=_optional_int)
    n_chain_raters: int | None = field(converter=_optional_int)
    n_chain_bosses: int | None = field(converter=_optional_int)
    chain_w_mean: float = field(converter=as_float)
    n_pairs: int = field(converter=as_int)
    boss_tau_mean: float = field(converter=as_float)
    boss_spearman_mean: float = field(converter=as_float)
    n_pairs_by_layer: FloatArray = field(converter=float_array)
    boss_tau_by_layer: FloatArray = field(converter=float_array)
    n_bosses_by_layer: FloatArray = field(converter=float_array)
    n_compared: int | None = field(converter=_optional_int)
    endgame_tau_mean: float = field(converter=as_float)
    same_direction_share: float = field(converter=as_float)
    n_same_direction: int | None = field(converter=_optional_int)
    n_undefined: int | None = field(converter=_optional_int)
    n_chain_apart: int | None = field(converter=_optional_int)
    n_endgame_apart: int | None = field(converter=_optional_int)
    n_unlike: int | None = field(converter=_optional_int)
    n_tied: int | None = field(converter=_optional_int)
    min_n: int | None = field(default=None, converter=_optional_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def disclosed(self, *, min_n: int = 5) -> Self:
        """Hide every number that rests on too few people, or would give such a one away.

        A number goes when it rests on fewer than `min_n` people, and one about bosses or chains when fewer bosses are
        in it. Where the hidden layers together hold fewer, the next smallest layer goes too. `endgame_tau_mean` goes
        with `same_direction_share` where fewer than `min_n` people, but some, pull in the same direction or do not.

        Who ranks unlike all others does so in one pair for each report, so beside how many they are the size of their
        line would tell who they are. Hence all numbers about bosses and chains go where fewer than `min_n` people, but
        some, rank unlike the largest number or gave all the same rank. With two priorities, where every tau is 1 or
        -1, they always go, as do the layers: `kendall_w` and the numbers about the endgame are what is left to show.

        `chain_w_mean` goes where what it says beyond `boss_spearman_mean` or `kendall_w` rests on fewer, and the
        numbers about the endgame where what they say beyond the taus to the boss does. A count goes with its mean;
        `n_raters` and `n_pairs`, which only say how many answered, stay. `n_undefined` stays where it is 0, and what is
        only there for `disclosed` goes in any case.

        Parameters
        ----------
        min_n : int
            Least number of people a shown number may rest on, at least 3.

        Returns
        -------
        Alignment
            The same with the flag `disclosed`; hidden numbers are NaN, hidden counts NaN or None.

        Raises
        ------
        DisclosureError
            `min_n` is below 3, or above the one with which this was disclosed before.
        """
        minimum = checked_again(min_n, self.min_n)
        if self.min_n is not None:
            return self
        overall = self.n_raters >= minimum
        layers = shown_groups(self.n_by_layer, minimum) & (self.n_items > 2)
        lines = self._shows_lines(minimum)
        pair_layers = shown_groups(self.n_bosses_by_layer, minimum) & lines
        pairs = lines and self.n_bosses_by_layer.sum() >= minimum
        chains, compared = lines and self._shows_chains(minimum), self._shows_endgame(minimum, beside_bosses=lines)
        return evolve(
            self,
            kendall_w=shown_if(self.kendall_w, overall),
            n_by_layer=_where_shown(self.n_by_layer, layers),
            w_by_layer=_where_shown(self.w_by_layer, layers),
            n_chains=self.n_chains if chains else None,
            n_chain_raters=self.n_chain_raters if chains else None,
            n_chain_bosses=None,
            chain_w_mean=shown_if(self.chain_w_mean, chains),
            boss_tau_mean=shown_if(self.boss_tau_mean, pairs),
            boss_spearman_mean=shown_if(self.boss_spearman_mean, pairs),
            n_pairs_by_layer=_where_shown(self.n_pairs_by_layer, pair_layers),
            boss_tau_by_layer=_where_shown(self.boss_tau_by_layer, pair_layers),
            n_bosses_by_layer=np.full(self.n_bosses_by_layer.size, np.nan),
            n_compared=self.n_compared if compared else None,
            endgame_tau_mean=shown_if(self.endgame_tau_mean, compared),
            same_direction_share=shown_if(self.same_direction_share, compared),
            n_same_direction=None,
            n_undefined=None if self.n_undefined else 0,
            n_chain_apart=None,
            n_endgame_apart=None,
            n_unlike=None,
            n_tied=None,
            min_n=minimum,
            flags={*self.flags, DISCLOSED} - (set() if overall else {"all_tied"}),
        )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a layer: `layer`, `n`, `w`, `n_pairs`, `boss_tau`; NaN becomes None.

        Raises
        ------
        DisclosureError
            The result has not been through `disclosed`.
        """
        columns = self.to_dict()
        names = ("n_by_layer", "w_by_layer", "n_pairs_by_layer", "boss_tau_by_layer")
        rows = zip(*(columns[name] for name in names), strict=True)
        return [
            {"layer": i, "n": n, "w": w, "n_pairs": n_pairs, "boss_tau": tau}
            for i, (n, w, n_pairs, tau) in enumerate(rows, start=1)
        ]

    def _shows_lines(self, minimum: int) -> bool:
        few = (self.n_unlike or 0, self.n_tied or 0)
        return self.n_items > 2 and not any(0 < n < minimum for n in few)

    def _shows_chains(self, minimum: int) -> bool:
        # One chain is a W among its raters, so the other raters could be read off W among all.
        off_chain = self.n_raters - (self.n_chain_raters or 0) if self.n_chains == 1 else 0
        apart = (self.n_chain_apart or 0, off_chain)
        return (self.n_chain_bosses or 0) >= minimum and not any(0 < n < minimum for n in apart)

    def _shows_endgame(self, minimum: int, *, beside_bosses: bool) -> bool:
        n, n_same = self.n_compared or 0, self.n_same_direction or 0
        few = (n_same, n - n_same, (self.n_endgame_apart or 0) if beside_bosses else 0)
        return n >= minimum and not any(0 < one < minimum for one in few)


def _where_shown(values: FloatArray, shown: BoolArray) -> FloatArray:
    return np.where(shown, values, np.nan)
