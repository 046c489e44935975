"""What a level asks for, and what a domain is made of."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, id_faults, text_faults
from leadkit._results import Value
from leadkit.errors import Fault, MatrixError
from leadkit.escalation._checking import count_faults, raise_faults
from leadkit.escalation._mappings import as_numbers, as_whole, level_faults, offset_faults

__all__ = ["Domain", "LevelRule"]


@frozen(kw_only=True, eq=False)
class LevelRule(Value):
    """What a level of support asks of the people in it.

    Parameters
    ----------
    id : str
        Its id, like "L1".
    rank : int
        Its place from the front line upwards, from 1.
    threshold : float
        Level of a skill that it asks for, at least 0.
    by_skill : mapping of str to float
        Skills for which it asks for another level than `threshold`.
    min_people : int
        How many people a domain needs at this level; 0 needs nobody, so that nothing is missing there.
    name : str
        What it is called.

    Raises
    ------
    MatrixError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> rule = LevelRule(id="L2", rank=2, threshold=3, by_skill={"billing": 4})
    >>> rule.threshold_of("billing"), rule.threshold_of("login")
    (4.0, 3.0)
    >>> LevelRule(id="L0", rank=0, threshold=-1)
    Traceback (most recent call last):
    ...
    leadkit.errors.MatrixError: level 'L0': 2 faults
      rank: expected a whole number of at least 1, got 0
      threshold: expected at least 0, got -1.0
    """

    id: str
    rank: int = field(converter=as_whole)
    threshold: float = field(converter=as_amount)
    by_skill: Mapping[str, float] = field(factory=dict, converter=as_numbers)
    min_people: int = field(default=1, converter=as_whole)
    name: str = ""

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + count_faults(self.rank, "rank", least=1)
        faults += amount_faults(self.threshold, "threshold") + level_faults(self.by_skill, "by_skill")
        faults += count_faults(self.min_people, "min_people", least=0) + text_faults(self, "name")
        raise_faults(faults, f"level {self.id!r}", MatrixError)

    def threshold_of(self, skill: str) -> float:
        """Give the level of a skill that this level asks for."""
        return self.by_skill.get(skill, self.threshold)


@frozen(kw_only=True, eq=False)
class Domain(Value):
    """A field of work, and the skills that it takes.

    Parameters
    ----------
    id : str
        Its id.
    skills : mapping of str to float
        Each skill with the offset that is added to the threshold of a level: 0 asks for what the level asks for.
    name : str
        What it is called.

    Raises
    ------
    MatrixError
        A field is wrong, or there is no skill; `faults` holds everything that is.

    Examples
    --------
    >>> Domain(id="invoices", skills={"billing": 0, "sql": -1}).skills
    {'billing': 0.0, 'sql': -1.0}
    """

    id: str
    skills: Mapping[str, float] = field(converter=as_numbers)
    name: str = ""

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + offset_faults(self.skills, "skills") + text_faults(self, "name")
        if isinstance(self.skills, Mapping) and not self.skills:
            faults.append(Fault("skills", "expected at least one skill, got none"))
        raise_faults(faults, f"domain {self.id!r}", MatrixError)
