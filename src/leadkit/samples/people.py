"""Made-up people with names from many places and ids in plain letters."""

from __future__ import annotations

import unicodedata

import numpy as np
from attrs import frozen

from leadkit.samples._checks import count
from leadkit.typing import RNGLike

__all__ = ["Person", "people"]

GIVEN = tuple(
    name
    for line in (
        "Adaeze Ahmet Aiko Amara Amélie Anouk Arjun Beatriz Björn Carmen Chidi Daiyu Dalia Davi Dimitri Elif",
        "Emeka Esra Farid Fatima Gabriela Hana Hiroshi Ines Ivan Jamila Joana José Kavita Kofi Lars Leila",
        "Linh Luca Maeve Malik Mei Mateo Nadia Naveen Nia Noor Olga Omar Paula Petra Priya Rafael Ravi Rosa",
        "Samir Sanna Sofía Tariq Tomás Uma Viktor Wanjiru Yara Yusuf Zainab Zoë Zuri",
    )
    for name in line.split()
)
FAMILY = tuple(
    name
    for line in (
        "Abebe Almeida Andersson Aydin Bakker Banerjee Bauer Castillo Chen Costa Demir Diallo Eze Fernandes",
        "Fischer Flores García Haddad Hansen Ibrahim Ito Jansen Kaya Khan Kimura Kowalska Kumar Laine",
        "Lindqvist Mbeki Mendes Meyer Moreau Nakamura Ndiaye Nguyen Novak Núñez Okafor Okoye Oliveira Osei",
        "Patel Pereira Petrov Popescu Rahman Ramos Rossi Sato Schneider Sharma Silva Singh Sokolova Tanaka",
        "Tran Vargas Virtanen Wanjala Weber Yilmaz Zhang Zuma",
    )
    for name in line.split()
)


@frozen(kw_only=True)
class Person:
    """A made-up person: an id in plain letters, and a name."""

    id: str
    name: str


def people(n: int, *, rng: RNGLike) -> tuple[Person, ...]:
    """Make up n people.

    Parameters
    ----------
    n : int
        How many, at least 0; beyond some 4000 names come again and ids get a number.
    rng : Generator, SeedSequence or int
        Source of randomness; the same seed gives the same people.

    Returns
    -------
    tuple of Person
        With different ids.

    Examples
    --------
    >>> [person.id for person in people(3, rng=1)]
    ['naveen.vargas', 'priya.jansen', 'fatima.fernandes']
    """
    count(n, "n")
    order = np.random.default_rng(rng).permutation(len(GIVEN) * len(FAMILY))
    made_up = []
    for i in range(n):
        lap, place = divmod(i, len(order))
        first, second = divmod(int(order[place]), len(FAMILY))
        name = f"{GIVEN[first]} {FAMILY[second]}"
        number = f"{lap + 1}" if lap else ""
        made_up.append(Person(id=_plain(name).replace(" ", ".") + number, name=name))
    return tuple(made_up)


def _plain(name: str) -> str:
    """Write a name in small letters without accents."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
