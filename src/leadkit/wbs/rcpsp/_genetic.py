"""The search: a genetic algorithm on orders of activities that does not know how an order becomes a schedule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from random import Random
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

import numpy as np

from leadkit.typing import Progress

__all__ = ["Decoder", "Evolution", "Pass", "evolve"]

# none of these depends on the number of schedules asked for, so that more of them can only go on where fewer stopped
POPULATION: Final = 50
LEAST_WINDOW, MOST_WINDOW = 0.1, 0.6
MOST_MOVES, MOVES_TIMES_ACTIVITIES = 4.0, 120.0
PASSES_A_REPORT: Final = 100
FIRST_OFFERS: Final = 60
ACTIVITIES_AN_OFFER: Final = 50


Worth: TypeAlias = tuple[int, Any]
"""What a schedule is worth: its makespan, then what `prefer` gives; less is better."""


class Pass(NamedTuple):
    """One schedule, as a pass of a generator made it.

    A forward pass counts time from the start of the project, a backward pass from its end towards its start: in both
    an activity begins at `start`, ends at `finish >= start`, and comes after what the list put before it.

    Parameters
    ----------
    makespan : int
        The value the search makes small: the last finish of a forward pass. That of a backward pass is not read.
    start, finish : list of int
        Of every activity, in the unit of time of the generator.
    choice : object
        What else the generator decided, such as the people of every activity; the search only hands it back.
    """

    makespan: int
    start: list[int]
    finish: list[int]
    choice: Any = None


class Decoder(Protocol):
    """What turns an order of activities into a schedule: the only thing the search knows of a problem.

    Attributes
    ----------
    predecessors : sequence of sequences of int
        For every activity those that have to come before it in a list, without repetition; free of cycles.
    urgency : sequence of int
        Of every activity its late start in the network without resources: small is urgent.
    is_chronological : bool
        Whether in every schedule a predecessor finishes no later than its successor starts (finish-to-start links
        with lags of zero or more). Otherwise lists read off a schedule are put back into an order that the links allow.
    """

    @property
    def predecessors(self) -> Sequence[Sequence[int]]:
        """Those that come before, of every activity."""
        ...

    @property
    def urgency(self) -> Sequence[int]:
        """Late starts without resources."""
        ...

    @property
    def is_chronological(self) -> bool:
        """Whether predecessors always finish before their successors start."""
        ...

    def forward(self, order: Sequence[int]) -> Pass:
        """Start every activity of `order`, in which predecessors come first, as early as it can after those placed."""
        ...

    def backward(self, order: Sequence[int]) -> Pass:
        """Do the same in the mirror: successors come first in `order`, and time runs from the end of the project."""
        ...


class Evolution(NamedTuple):
    """What the search found.

    Parameters
    ----------
    best : Pass
        The best forward pass.
    schedules : int
        Passes made, forward and backward together.
    history : tuple of (int, int)
        After how many passes each improvement was found, and its makespan.
    """

    best: Pass
    schedules: int
    history: tuple[tuple[int, int], ...]


class Individual(NamedTuple):
    """A schedule of the population: what it is worth, its starts, and its activities by falling finish."""

    worth: Worth
    start: list[int]
    order: list[int]


class OutOfBudgetError(Exception):
    """The search is over: the bound is met or no pass is left."""


def evolve(
    decoder: Decoder,
    *,
    schedules: int,
    rng: np.random.Generator,
    target: int,
    prefer: Callable[[Pass], Any] | None = None,
    offers: Callable[[Random], Iterator[Pass]] | None = None,
    progress: Progress | None = None,
) -> Evolution:
    """Search orders of activities for the schedule with the least makespan.

    Parameters
    ----------
    decoder : Decoder
        Turns orders into schedules.
    schedules : int
        Passes of the decoder at most, forward and backward together, at least 1.
    rng : numpy.random.Generator
        Where all chance comes from.
    target : int
        A lower bound of the makespan: the search stops once it is met.
    prefer : callable, optional
        Decides between schedules of equal makespan: the one for which it returns less is better. The sum of the starts
        when not given. What is equal then too is decided by `Pass.choice`, where that is not None.
    offers : callable, optional
        Makes forward passes in another way, one after the other without end, with chance from what it is given.
    progress : Progress, optional
        Told now and then how many of the passes have been made.

    Returns
    -------
    Evolution
        With one generator of chance a larger budget never gives a worse schedule.

    Notes
    -----
    The first list follows the rule of the latest start [1]_, the others are drawn with a bias to it. Their schedules are
    justified twice: everything as late as it can from the end backwards, then as early as it can from the start [2]_.
    From then on a steady population of the best different schedules is kept. Two parents, each the better of two drawn,
    are crossed: the child keeps a window of the one's list and takes the order before and behind it from the other. A few
    activities move elsewhere between their neighbours in the network. Lists of the population run by falling finish, so a
    child begins with the backward pass, and the forward pass after it is its schedule: two passes a child, not three.

    Offers come right after the first list, and then between children for as long as the best schedule is one of them.

    References
    ----------
    .. [1] R. Kolisch, "Serial and parallel resource-constrained project scheduling methods revisited: theory and
       computation", European Journal of Operational Research 90, 1996, 320-333.
    .. [2] V. Valls, F. Ballestin, S. Quintanilla, "A hybrid genetic algorithm for the resource-constrained project
       scheduling problem", European Journal of Operational Research 185, 2008, 495-508.
    """
    # single draws are much faster than numpy's, and raw bits and `random()` are the same in all versions
    luck = Random(int(rng.bit_generator.random_raw()))  # noqa: S311 - luck, not secrets
    # chance of its own for the offers: what the search draws does not depend on them
    offered = None if offers is None else offers(Random(int(rng.bit_generator.random_raw())))  # noqa: S311 - as above
    search = _Search(decoder, schedules, luck, target, prefer or _sum_of_starts, offered, progress)
    try:
        search.begin()
        while True:
            search.breed()
            if search.is_best_offered:
                search.take_offers(len(search.along) // ACTIVITIES_AN_OFFER)
    except OutOfBudgetError:
        if progress is not None:
            progress(schedules, schedules)
    return Evolution(search.best, search.made, tuple(search.history))


class _Search:
    """A population and its luck."""

    def __init__(
        self,
        decoder: Decoder,
        schedules: int,
        luck: Random,
        target: int,
        prefer: Callable[[Pass], Any],
        offers: Iterator[Pass] | None,
        progress: Progress | None,
    ) -> None:
        self.decoder, self.schedules, self.luck, self.target = decoder, schedules, luck, target
        self.prefer, self.progress = prefer, progress
        self.offers = offers
        self.before: Sequence[Sequence[int]] = decoder.predecessors
        self.after = reversed_links(self.before)
        self.along = arranged(range(len(self.before)), self.before, self.after)
        self.against = self.along[::-1]
        self.moves = min(MOST_MOVES, MOVES_TIMES_ACTIVITIES / max(1, len(self.along)))
        self.population: list[Individual] = []
        self.best = Pass(0, [], [])
        self.best_worth: Worth | None = None
        self.made = 0
        self.history: list[tuple[int, int]] = []
        self.is_best_offered = False

    def begin(self) -> None:
        """Fill the population: the list by urgency alone and sampled ones, justified twice."""
        by_rule = sorted(self.along, key=self.decoder.urgency.__getitem__)
        for k in range(POPULATION):
            _, made = self.forward(self.sample() if k else arranged(by_rule, self.before, self.after))
            if not k:
                self.take_offers(FIRST_OFFERS)
            self.join(*self.justified(self.list_back(made)))

    def breed(self) -> None:
        """Make a child of two parents, and let it take the place of the worst if it is better than that."""
        first, second = self.parent(), self.parent()
        order = crossed(first.order, second.order, self.luck)
        for _ in range(int(self.moves + self.luck.random())):
            move(order, self.after, self.before, self.luck)
        self.join(*self.justified(order))

    def take_offers(self, number: int) -> None:
        """Look at schedules made in another way."""
        if self.offers is not None:
            for _ in range(number):
                self.count()
                self.judged(next(self.offers), is_offered=True)

    def justified(self, order: list[int]) -> tuple[Worth, Pass]:
        """Push everything against the end, then everything against the start."""
        self.count()
        backward = self.decoder.backward(order)
        return self.forward(self.listed(backward.finish, self.along, self.before, self.after))

    def list_back(self, made: Pass) -> list[int]:
        """List the activities of a forward pass for a backward one."""
        return self.listed(made.finish, self.against, self.after, self.before)

    def listed(
        self, finish: list[int], base: list[int], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]
    ) -> list[int]:
        """Sort by falling finish; what ends together stays in the order of `base`."""
        order = sorted(base, key=finish.__getitem__, reverse=True)
        return order if self.decoder.is_chronological else arranged(order, before, after)

    def forward(self, order: Sequence[int]) -> tuple[Worth, Pass]:
        """Make a schedule, and keep it if it is the best so far."""
        self.count()
        return self.judged(self.decoder.forward(order))

    def judged(self, made: Pass, *, is_offered: bool = False) -> tuple[Worth, Pass]:
        """Keep a schedule if it is the best so far; the search is over where it meets the bound."""
        worth = (made.makespan, self.prefer(made))
        if self.best_worth is None or worth < self.best_worth or self.wins_by_choice(worth, made):
            if self.best_worth is None or worth[0] < self.best_worth[0]:
                self.history.append((self.made, made.makespan))
                self.is_best_offered = is_offered
            self.best, self.best_worth = made, worth
        if made.makespan <= self.target:
            raise OutOfBudgetError
        return worth, made

    def wins_by_choice(self, worth: Worth, made: Pass) -> bool:
        """Tell whether a schedule equal to the best chose what comes first."""
        return worth == self.best_worth and made.choice is not None and bool(made.choice < self.best.choice)

    def count(self) -> None:
        """Take one pass off the budget."""
        if self.made == self.schedules:
            raise OutOfBudgetError
        self.made += 1
        if self.progress is not None and self.made % PASSES_A_REPORT == 0:
            self.progress(self.made, self.schedules)

    def join(self, worth: Worth, made: Pass) -> None:
        """Let a schedule into the population, unless it is there already or worse than all of a full one."""
        people = self.population
        if any(worth == other.worth and made.start == other.start for other in people):
            return
        if len(people) < POPULATION:
            people.append(Individual(worth, made.start, self.list_back(made)))
            return
        worst = max(range(len(people)), key=lambda k: people[k].worth)
        if worth < people[worst].worth:
            people[worst] = Individual(worth, made.start, self.list_back(made))

    def parent(self) -> Individual:
        """Draw two and take the better."""
        people, luck = self.population, self.luck
        one, other = people[int(luck.random() * len(people))], people[int(luck.random() * len(people))]
        return other if other.worth < one.worth else one

    def sample(self) -> list[int]:
        """Draw a list step by step: of two activities that may come next, the more urgent one."""
        urgency, random = self.decoder.urgency, self.luck.random
        waiting = list(map(len, self.before))
        eligible = [i for i in self.along if not waiting[i]]
        order = []
        while eligible:
            k, other = int(random() * len(eligible)), int(random() * len(eligible))
            if urgency[eligible[other]] < urgency[eligible[k]]:
                k = other
            chosen = eligible[k]
            eligible[k] = eligible[-1]
            eligible.pop()
            order.append(chosen)
            for i in self.after[chosen]:
                waiting[i] -= 1
                if not waiting[i]:
                    eligible.append(i)
        return order


def crossed(first: list[int], second: list[int], luck: Random) -> list[int]:
    """Keep a window of the first list; what comes before and behind it, in the order of the second."""
    n = len(first)
    share = LEAST_WINDOW + (MOST_WINDOW - LEAST_WINDOW) * luck.random()
    length = max(1, int(share * n))
    begin = int(luck.random() * (n - length + 1))
    ahead, behind = set(first[:begin]), set(first[begin + length :])
    return [i for i in second if i in ahead] + first[begin : begin + length] + [i for i in second if i in behind]


def move(order: list[int], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]], luck: Random) -> None:
    """Put an activity elsewhere between the last that has to come before it and the first that has to come after."""
    k = int(luck.random() * len(order))
    chosen = order.pop(k)
    low = max((order.index(i) + 1 for i in before[chosen]), default=0)
    high = min((order.index(i) for i in after[chosen]), default=len(order))
    order.insert(low + int(luck.random() * (high - low + 1)), chosen)


def arranged(order: Sequence[int], before: Sequence[Sequence[int]], after: Sequence[Sequence[int]]) -> list[int]:
    """Keep an order as far as the links allow: of all that may come next, what stands first in it."""
    rank = [0] * len(order)
    for k, i in enumerate(order):
        rank[i] = k
    waiting = list(map(len, before))
    ready = [rank[i] for i in order if not waiting[i]]
    heapify(ready)
    result = []
    while ready:
        chosen = order[heappop(ready)]
        result.append(chosen)
        for i in after[chosen]:
            waiting[i] -= 1
            if not waiting[i]:
                heappush(ready, rank[i])
    return result


def reversed_links(before: Sequence[Sequence[int]]) -> list[list[int]]:
    """Turn lists of predecessors into lists of successors."""
    after: list[list[int]] = [[] for _ in before]
    for j, group in enumerate(before):
        for i in group:
            after[i].append(j)
    return after


def _sum_of_starts(made: Pass) -> int:
    return sum(made.start)
