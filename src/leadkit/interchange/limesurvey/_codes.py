"""What LimeSurvey calls questions, rows and answers: letters and digits only."""

from __future__ import annotations

import re

from leadkit.assessment import Instrument
from leadkit.errors import Fault

__all__ = ["answer_code", "answer_number", "code_faults", "code_of", "names_in_exports"]

LONGEST_CODE = 20
LONGEST_ANSWER_CODE = 5
CODE = re.compile(r"[A-Za-z][A-Za-z0-9]*")
ANSWER = re.compile(r"[A-Z]{1,3}0*([0-9]{1,5})")


def code_of(name: str) -> str:
    """Give a name without its underscores, which LimeSurvey does not take, and cut to the length that it takes.

    Examples
    --------
    >>> code_of("val_1"), code_of("emotional_intelligence")
    ('val1', 'emotionalintelligenc')
    """
    return name.replace("_", "")[:LONGEST_CODE]


def answer_code(number: int) -> str:
    """Write a number of the scale as the code of an answer; LimeSurvey does not take a minus sign.

    Examples
    --------
    >>> answer_code(4), answer_code(-2)
    ('4', 'N2')
    """
    return str(number) if number >= 0 else f"N{-number}"


def answer_number(code: str, *, below_zero: bool) -> str:
    """Read the code of an answer as the text of a number; what is no such code stays as it is.

    Examples
    --------
    >>> answer_number("AO03", below_zero=False), answer_number("N2", below_zero=True), answer_number("4", below_zero=True)
    ('3', '-2', '4')
    """
    found = ANSWER.fullmatch(code)
    if found is None:
        return code
    return f"-{found[1]}" if below_zero and code.startswith("N") else found[1]


def code_faults(instrument: Instrument, groups: tuple[str, ...]) -> list[Fault]:
    """List what LimeSurvey would refuse or mix up: codes with other characters, or the same twice."""
    dimensions = [(f"dimension {name!r}", code_of(name)) for name in instrument.dimension_ids]
    questions = [*dimensions, *((f"group {name!r}", code_of(name)) for name in groups)]
    items = [(f"item {name!r}", code_of(name)) for name in instrument.item_ids]
    faults = []
    for kind in (questions, items):
        seen: dict[str, int] = {}
        for i, (where, code) in enumerate(kind):
            if not CODE.fullmatch(code):
                what = f"expected a code of letters and digits, a letter first, got {code!r}"
                faults.append(Fault(where, what))
            elif seen.setdefault(code.lower(), i) != i:
                faults.append(Fault(where, f"its code {code!r} is that of {kind[seen[code.lower()]][0]}; rename one"))
    scale = instrument.scale
    long = [code for code in map(answer_code, (scale.low, scale.high)) if len(code) > LONGEST_ANSWER_CODE]
    faults += [Fault("scale", f"the code {code!r} has more than {LONGEST_ANSWER_CODE} characters") for code in long]
    return faults


def names_in_exports(instrument: Instrument) -> dict[str, str]:
    """Map what the column of an item may be called in an export to the item's id."""
    names: dict[str, str] = {}
    for dimension in instrument.dimensions:
        question = code_of(dimension.id)
        for item in dimension.items:
            row = code_of(item.id)
            codes = (f"{question}[{row}]", f"{question}_{row}", f"{question}.{row}", row)
            for name in codes:
                names.setdefault(name, item.id)
    own = {name for item in instrument.items for name in (item.id, *item.external_ids.values())}
    return {name: item_id for name, item_id in names.items() if name not in own}
