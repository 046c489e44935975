"""Who a work package needs: so many heads, each with all of these skills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, as_tuple, id_faults
from leadkit._fields import FrozenMapping, repeated, whole_number_faults
from leadkit.errors import Fault, PlanError, did_you_mean
from leadkit.wbs._checking import raise_faults

__all__ = ["Need"]

KEYS = ("skills", "heads")


def _as_pairs(skills: Any) -> Any:
    """Sort skills and levels by skill; what is neither mapping nor pairs stays as it is, for the check to name."""
    pairs = as_tuple(skills.items() if isinstance(skills, Mapping) else skills)
    if not isinstance(pairs, tuple) or not all(isinstance(pair, tuple | list) and len(pair) == 2 for pair in pairs):
        return skills
    return tuple(sorted(((skill, as_amount(level)) for skill, level in pairs), key=lambda pair: str(pair[0])))


@frozen(kw_only=True)
class Need:
    """So many people, each of whom holds all these skills at these levels or above.

    Parameters
    ----------
    skills : mapping of str to float, or pairs
        Skill to the least level, at least 0; none at all means that anybody will do. Kept as pairs sorted by skill.
    heads : int
        How many people, at least 1.

    Raises
    ------
    PlanError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Need(skills={"sql": 3, "python": 2}, heads=2)
    Need(skills=(('python', 2.0), ('sql', 3.0)), heads=2)
    >>> Need(skills={"sql": -1}, heads=0)
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: need: 2 faults
      skills['sql']: expected at least 0, got -1.0
      heads: expected a whole number of at least 1, got 0
    """

    skills: tuple[tuple[str, float], ...] = field(converter=_as_pairs)
    heads: int = 1

    def __attrs_post_init__(self) -> None:
        faults = _skill_faults(self.skills)
        of_heads = whole_number_faults(self.heads, "heads")
        if not of_heads and self.heads < 1:
            of_heads = [Fault("heads", f"expected a whole number of at least 1, got {self.heads!r}")]
        raise_faults(faults + of_heads, "need")
        object.__setattr__(self, "heads", int(self.heads))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_dict` gives; unknown keys are refused.

        Raises
        ------
        PlanError
            Something is wrong; `faults` holds all of it.
        """
        if not isinstance(data, Mapping):
            raise_faults([Fault("", f"expected a table of names and values, got {data!r}")], "need")
        faults = [Fault("", f"unknown key {key!r}{did_you_mean(str(key), KEYS)}") for key in data if key not in KEYS]
        if "skills" not in data:
            faults.append(Fault("", "'skills' is missing"))
        given = {"skills": (), **{key: data[key] for key in KEYS if key in data}}
        need = None
        try:
            need = cls(**given)
        except PlanError as error:
            faults += error.faults
        if need is None or faults:
            raise PlanError.from_faults(faults, subject="need")
        return need

    def to_dict(self) -> dict[str, Any]:
        """Give `skills` as a dictionary of skill to level, and `heads`.

        Examples
        --------
        >>> Need(skills={"sql": 3}).to_dict()
        {'skills': {'sql': 3.0}, 'heads': 1}
        """
        return {"skills": dict(self.skills), "heads": self.heads}

    @property
    def levels(self) -> Mapping[str, float]:
        """Skill to the least level, read-only."""
        return FrozenMapping(self.skills)


def _skill_faults(pairs: object) -> list[Fault]:
    if not isinstance(pairs, tuple) or not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        return [Fault("skills", f"expected skills and their levels, got {pairs!r}")]
    faults = []
    for skill, level in pairs:
        of_skill = id_faults(skill, "skills")
        faults += of_skill or amount_faults(level, f"skills[{skill!r}]")
    if not faults:
        twice = repeated(skill for skill, _ in pairs)
        faults = [Fault(f"skills[{skill!r}]", "is there more than once") for skill in twice]
    return faults
