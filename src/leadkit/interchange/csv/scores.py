"""Scores as comma-separated text, one row a respondent."""

from __future__ import annotations

from collections.abc import Collection

from leadkit.assessment.disclosure.expecting import expect
from leadkit.assessment.scoring import Scores
from leadkit.errors import UnknownIdError
from leadkit.interchange.csv._cells import exported, label_text, score_texts, text_table
from leadkit.interchange.csv._sheet import names_of
from leadkit.interchange.csv.responses import refuse_name_clash

__all__ = ["write_scores"]


def write_scores(scores: Scores, *, groups: Collection[str] | None = None) -> str:
    """Write scores as comma-separated text: `respondent_id`, group variables, a column a scale.

    Parameters
    ----------
    scores : Scores
        The scores, in whatever metric they are.
    groups : collection of str, optional
        The group variables to write; all that the scores carry when None.

    Returns
    -------
    str
        Numbers in full precision, an empty cell where there is no score; write it to a file with `newline=""`.

    Raises
    ------
    UnknownIdError
        The scores carry no such group variable.
    ResponseError
        A group variable bears the name of a scale or of the id column.

    Examples
    --------
    >>> from leadkit.assessment import Instrument, Responses
    >>> from leadkit.assessment.scoring import score
    >>> rows = [{"item": name, "dimension": "calm", "low": 1, "high": 5} for name in ("a1", "a2", "a3")]
    >>> calm = Instrument.from_rows(rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
    >>> answers = Responses(calm, [[4, 5, 4], [float("nan")] * 3], ["ann", "bo"], {"team": ["north", "south"]})
    >>> print(write_scores(score(answers)), end="")
    respondent_id,team,calm
    ann,north,4.333333333333333
    bo,south,
    """
    expect(scores, Scores, "write_scores")
    wanted = tuple(scores.groups) if groups is None else names_of(groups)
    for name in wanted:
        if name not in scores.groups:
            raise UnknownIdError.of(name, scores.groups, kind="group variable")
    header = ("respondent_id", *wanted)
    refuse_name_clash((*header, *scores.scale_ids))
    ids = map(exported, scores.respondent_ids)
    labels = [map(label_text, scores.groups[name]) for name in wanted]
    columns = [score_texts(column) for column in scores.values.T]
    return text_table([*map(exported, header), *scores.scale_ids], [ids, *labels, *columns])
