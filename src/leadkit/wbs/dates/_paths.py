"""The paths through a network without loops, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

__all__ = ["paths"]


def paths(starts: Sequence[str], followers: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, ...]]:
    """Walk from each start to each end, in the order in which starts and followers are given."""
    for start in starts:
        path, waiting = [start], [iter(followers.get(start, ()))]
        if not followers.get(start):
            yield (start,)
        while waiting:
            own = next(waiting[-1], None)
            if own is None:
                waiting.pop()
                path.pop()
            else:
                path.append(own)
                waiting.append(iter(followers.get(own, ())))
                if not followers.get(own):
                    yield tuple(path)
