"""Questions to reflect on a reading: data, chosen by what the reading shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter

from attrs import field, frozen

from leadkit._convert import structure
from leadkit._fields import repeated, string_faults
from leadkit.assessment import Text
from leadkit.assessment.definition import toml_data
from leadkit.assessment.items import raise_faults
from leadkit.assessment.text import frozen_text, in_language, is_language_tag, languages_of, look_up, text_faults
from leadkit.errors import DefinitionError, Fault, did_you_mean
from leadkit.frameworks._files import user_text
from leadkit.vitals.evidence import LETTERS, SIGNALS

__all__ = ["QuestionSet", "ReflectiveQuestion", "reflective_questions"]

PLACEHOLDER = "names"


def _question_tuple(questions: Iterable[ReflectiveQuestion]) -> tuple[ReflectiveQuestion, ...]:
    return tuple(questions)


@frozen(kw_only=True)
class ReflectiveQuestion:
    """A question and when to ask it.

    Parameters
    ----------
    dimension : str
        Id of the letter that it belongs to.
    when : str
        The signal of `leadkit.vitals.SIGNALS` on which it is asked.
    text : Text
        The question; where the signal is about names, `{names}` stands for them.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.
    """

    dimension: str
    when: str
    text: Text = field(converter=frozen_text)

    def __attrs_post_init__(self) -> None:
        faults = []
        for name, known in (("dimension", LETTERS), ("when", tuple(SIGNALS))):
            value = getattr(self, name)
            if value not in known:
                hint = did_you_mean(str(value), known)
                faults.append(Fault(name, f"expected one of {', '.join(known)}, got {value!r}{hint}"))
        faults += text_faults(self.text, "text")
        if not faults:
            texts = [self.text] if isinstance(self.text, str) else list(self.text.values())
            faults += [fault for text in texts for fault in _placeholder_faults(text, self.when)]
        raise_faults(faults, f"question on {self.dimension!r}")


@frozen(kw_only=True)
class QuestionSet:
    """Reflective questions and where they come from.

    Parameters
    ----------
    title, version, source, licence, note : str
        What it is called, which version it is, where it comes from, under which licence, and what to know.
    questions : tuple of ReflectiveQuestion
        In the order in which they are asked.
    language : str
        BCP 47 tag of every text that is given in one language only.

    Raises
    ------
    DefinitionError
        Anything is wrong; `faults` holds all of it.
    """

    title: str
    version: str
    source: str
    licence: str
    note: str
    questions: tuple[ReflectiveQuestion, ...] = field(converter=_question_tuple)
    language: str = "en"

    def __attrs_post_init__(self) -> None:
        faults = [
            fault
            for name in ("title", "version", "source", "licence", "note")
            for fault in string_faults(getattr(self, name), name)
        ]
        if not self.questions:
            faults.append(Fault("questions", "expected at least one question"))
        faults += [
            Fault("questions", f"{question.text!r} is there more than once") for question in repeated(self.questions)
        ]
        faults += [
            Fault(f"questions[{i}].text", f"is not written in the language of the set, {self.language!r}")
            for i, question in enumerate(self.questions)
            if not isinstance(question.text, str) and self.language not in question.text
        ]
        if not is_language_tag(self.language):
            faults.append(Fault("language", f"expected a language tag like 'en', got {self.language!r}"))
        raise_faults(faults, f"questions {self.title!r}")

    def asked(self, dimension: str, signals: Mapping[str, tuple[str, ...]], *, language: str) -> tuple[str, ...]:
        """Choose the questions of one letter.

        Parameters
        ----------
        dimension : str
            Id of the letter.
        signals : mapping of str to tuple of str
            The signals that hold, and the names that each is about.
        language : str
            BCP 47 tag of the wanted language; the set's own where the questions are not all written in it.

        Returns
        -------
        tuple of str
            Those asked of everybody and those whose signal holds, in the order of the set.
        """
        tag = look_up(language, languages_of((question.text for question in self.questions), self.language))
        holding = {"always": (), **signals}
        return tuple(
            in_language(question.text, tag or self.language).format(names=_listed(holding[question.when]))
            for question in self.questions
            if question.dimension == dimension and question.when in holding
        )


def reflective_questions(path: str | Path | None = None) -> QuestionSet:
    """Load the questions to reflect on a reading.

    Parameters
    ----------
    path : str or Path, optional
        A file of one's own in the same form as `leadkit/vitals/data/questions.toml`; that file when None.

    Returns
    -------
    QuestionSet
        What `profile` takes as `questions`.

    Raises
    ------
    DefinitionError
        The file is wrong; the message lists every fault with its path.
    FileNotFoundError
        There is no file at that path.

    Examples
    --------
    >>> reflective_questions().asked("strengths", {"hidden": ("Patience",)}, language="en")[-1]
    'Others see these strengths more than you do: Patience. What do they see?'
    """
    if path is None:
        return _shipped()
    return _parsed(user_text(Path(path)), subject=str(path))


@cache
def _shipped() -> QuestionSet:
    text = files("leadkit.vitals").joinpath("data", "questions.toml").read_text(encoding="utf-8")
    return _parsed(text, subject="questions.toml")


def _parsed(text: str, *, subject: str) -> QuestionSet:
    return structure(toml_data(text, subject=subject), QuestionSet, error=DefinitionError, subject=subject)


def _listed(names: tuple[str, ...]) -> str:
    """Join names by commas, and whole sentences by semicolons without their full stops."""
    between = "; " if any(name.endswith(".") for name in names) else ", "
    return between.join(name.removesuffix(".") for name in names)


def _placeholder_faults(text: str, when: str) -> list[Fault]:
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        return [Fault("text", f"{text!r}: {error}; write a brace as {{{{ or }}}}")]
    names = [name for _, name, specification, conversion in parts if name is not None]
    plain = all(not specification and not conversion for _, _, specification, conversion in parts)
    if any(name != PLACEHOLDER for name in names) or not plain:
        return [Fault("text", f"{text!r}: the only placeholder is {{names}}")]
    if names and "{names}" not in SIGNALS[when]:
        return [Fault("text", f"{text!r}: the signal {when!r} is about no names")]
    return []
