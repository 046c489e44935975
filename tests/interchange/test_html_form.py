"""A form as an HTML page: its structure, its texts and what it does not hold."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import frameworks, testing
from leadkit.assessment import Dimension, Instrument, Item, ResponseScale, score
from leadkit.assessment.text import in_language
from leadkit.errors import FormatError, ResponseError, UnknownIdError
from leadkit.interchange import csv
from leadkit.interchange.html_form import write_form

EMPTY = frozenset({"meta", "input", "br", "img", "link"})


class Page(HTMLParser):
    """The elements of a page, each with its attributes, its text and the elements around it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[dict[str, Any]] = []
        self._around: list[dict[str, Any]] = []
        self.feed(text)
        self.close()
        assert not self._around, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names))
        element = {"tag": tag, "text": "", "around": tuple(self._around), **{n: v or "" for n, v in attrs}}
        self.elements.append(element)
        if tag not in EMPTY:
            self._around.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._around.pop()["tag"] == tag

    def handle_data(self, data: str) -> None:
        for element in self._around:
            element["text"] += data

    def all(self, tag: str, **attributes: str) -> list[dict[str, Any]]:
        """List the elements of a name with these attributes."""
        found = [one for one in self.elements if one["tag"] == tag]
        return [one for one in found if all(one.get(name) == value for name, value in attributes.items())]


def instrument_of(text: str, *, low: int = 1, high: int = 3, **given: Any) -> Instrument:
    dimension = Dimension(id="calm", name="Calm", items=(Item(id="a1", text=text),))
    about: dict[str, Any] = {"id": "one", "version": "1.0.0", "title": "One", "source": "Example", "licence": "MIT"}
    scale = given.pop("scale", ResponseScale(low=low, high=high))
    return Instrument(scale=scale, dimensions=(dimension,), status="unvalidated", **{**about, **given})


@pytest.mark.parametrize("name", ["ved", "vitals"])
def test_every_item_is_a_group_of_labelled_radio_buttons(name: str) -> None:
    instrument = frameworks.load(name)
    page = Page(write_form(instrument, groups=["team"]))
    fields = page.all("fieldset")
    assert [one["data-column"] for one in fields] == list(instrument.item_ids)
    codes = [str(code) for code in range(instrument.scale.low, instrument.scale.high + 1)]
    labels = [in_language(label, "en") for label in instrument.scale.labels] or codes
    for number, (field, item) in enumerate(zip(fields, instrument.items, strict=True), start=1):
        inside = [one for one in page.elements if field in one["around"]]
        assert inside[0]["tag"] == "legend"
        assert inside[0]["text"] == f"{number}. {in_language(item.text, 'en')}"
        buttons = [one for one in inside if one["tag"] == "input"]
        assert [one["value"] for one in buttons] == codes
        assert {(one["type"], one["name"]) for one in buttons} == {("radio", f"q-{item.id}")}
        assert [one["around"][-1]["tag"] for one in buttons] == ["label"] * len(codes)
        assert [one["around"][-1]["text"] for one in buttons] == labels
        assert not any("checked" in one for one in buttons)
    heads = [one["text"] for one in page.all("h2")]
    assert heads == ["", "About you", *(in_language(one.name, "en") for one in instrument.dimensions)]


def test_what_a_reader_of_the_screen_needs_is_there() -> None:
    page = Page(write_form(frameworks.load("ved"), groups=["team", "wave"]))
    ids = [one["id"] for one in page.elements if "id" in one]
    assert len(ids) == len(set(ids))
    for name in ("aria-labelledby", "aria-describedby", "for"):
        assert {part for one in page.elements for part in one.get(name, "").split()} <= set(ids)
    assert [one["for"] for one in page.all("label") if "for" in one] == ["t-0", "t-1", "t-2", "copy-text"]
    assert [one["id"] for one in page.elements if one.get("role") == "status"] == ["progress", "told"]
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("h1")[0]["text"] == page.all("title")[0]["text"] == "V.E.D. leadership check"
    assert page.all("input", id="t-0")[0]["aria-required"] == "true"
    assert "initial-scale=1" in page.all("meta", name="viewport")[0]["content"]
    assert page.all("noscript")
    positive = [one for one in page.elements if one.get("tabindex", "0") not in {"0", "-1"}]
    assert positive == []


def test_the_page_allows_itself_no_connection_and_only_its_own_script() -> None:
    text = write_form(frameworks.load("ved"))
    page = Page(text)
    policy = page.all("meta")[1]
    assert policy["http-equiv"] == "Content-Security-Policy"
    (script,) = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy["content"].startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert f"script-src 'sha256-{digest}'" in policy["content"]
    assert "http://" not in text
    assert "https://" not in text
    assert not re.search(r"@import|url\(", text)
    assert {one["href"] for one in page.elements if "href" in one} == {"#questions"}
    assert not any("src" in one or any(name.startswith("on") for name in one) for one in page.elements)


def test_the_key_is_not_in_the_page() -> None:
    items = [{"item": name, "dimension": "d", "text": name, "low": 1, "high": 5} for name in ("a1", "a2")]
    about: dict[str, Any] = {"id": "key", "version": "1.0.0", "title": "Key", "source": "Example", "licence": "MIT"}
    plain = Instrument.from_rows(items, **about)
    keyed = Instrument.from_rows([{**items[0], "reverse": True, "weight": 2.5}, items[1]], **about)
    assert plain.hash != keyed.hash
    assert write_form(plain) == write_form(keyed)


@pytest.mark.parametrize(
    "text",
    [
        "</script><script>alert(1)</script>",
        "<!-- <script>",
        "\"double\" & 'single' <b>",
        "&lt;already&gt; &amp;",
        "two\nlines",
        "@@script@@",
        "{{ x }} ${y} \\u0041",
        "مرحبا 漢字 é",
    ],
)
def test_texts_are_shown_as_they_are(text: str) -> None:
    scale = ResponseScale(low=1, high=2, labels=(text, "Yes"))
    form = write_form(instrument_of(text, scale=scale, title=text, source=text, licence=text), groups=[text])
    page = Page(form)
    assert form.count("<script>") == form.count("</script>") == 1
    assert page.all("legend")[0]["text"] == f"1. {text}"
    assert page.all("h1")[0]["text"] == page.all("title")[0]["text"] == text
    assert page.all("label", **{"for": "t-1"})[0]["text"] == text
    assert [one["text"] for one in page.all("label") if "for" not in one] == [text, "Yes"]
    assert page.all("footer")[0]["text"] == f"one 1.0.0. {text}. Licence: {text}."
    titled = Page(write_form(instrument_of("I am calm."), title=text))
    assert titled.all("h1")[0]["text"] == titled.all("title")[0]["text"] == text


@given(instrument=testing.instrument(), groups=st.sets(st.sampled_from(["Team", "=Wave", "a,b"])))
def test_any_instrument_becomes_a_page_whose_columns_are_read(instrument: Instrument, groups: set[str]) -> None:
    page = Page(write_form(instrument, groups=sorted(groups)))
    columns = [one["data-column"] for one in page.elements if "data-column" in one]
    header = ",".join(f'"{name}"' for name in columns)
    read = csv.read_responses(header + "\nann" + "," * (len(columns) - 1), instrument, groups=sorted(groups))
    assert read.respondent_ids == ("ann",)
    assert tuple(read.groups) == tuple(sorted(groups))
    assert len(score(read)) == 1


def test_the_wording_names_its_language() -> None:
    two = instrument_of("x", title={"en": "Calm", "de": "Ruhe"})
    assert 'lang="de"' not in write_form(two)
    item = Item(id="a1", text={"en": "I am calm.", "de": "Ich bin ruhig."})
    dimension = Dimension(
        id="calm", name={"en": "Calm", "de": "Ruhe"}, items=(item,), description={"en": "On calm.", "de": "Zur Ruhe."}
    )
    labels = ({"en": "No", "de": "Nein"}, {"en": "Yes", "de": "Ja"})
    two = Instrument(
        id="two",
        version="1.0.0",
        title={"en": "Calm", "de": "Ruhe"},
        scale=ResponseScale(low=0, high=1, labels=labels),
        dimensions=(dimension,),
        source="Example",
        licence="MIT",
        status="unvalidated",
    )
    page = Page(write_form(two, language="de-AT"))
    german = [one["text"] for one in page.elements if one.get("lang", "").startswith("de")]
    assert german == ["Ruhe", "Ruhe", "Zur Ruhe.", "Ich bin ruhig.", "Nein", "Ja"]
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("title")[0]["text"] == "Ruhe"
    assert Page(write_form(two)).all("legend")[0]["text"] == "1. I am calm."


@pytest.mark.parametrize(("low", "high", "kind"), [(0, 10, "radio"), (-5, 5, "radio"), (0, 11, "number")])
def test_a_wide_scale_without_labels_is_typed(low: int, high: int, kind: str) -> None:
    page = Page(write_form(instrument_of("x", low=low, high=high)))
    inputs = [one for one in page.all("input") if one.get("name") == "q-a1"]
    assert {one["type"] for one in inputs} == {kind}
    assert len(inputs) == (11 if kind == "radio" else 1)
    if kind == "number":
        assert (inputs[0]["min"], inputs[0]["max"], inputs[0]["step"]) == ("0", "11", "1")
        assert inputs[0]["around"][-1]["text"] == "A whole number from 0 to 11"


def test_what_cannot_be_a_form_is_refused() -> None:
    one = instrument_of("x")
    with pytest.raises(TypeError, match="write_form: expected Instrument, got str"):
        write_form("ved")  # type: ignore[arg-type]
    for name in ("a1", "respondent_id"):
        with pytest.raises(ResponseError, match=f"column '{name}': would be there more than once"):
            write_form(one, groups=[name])
    with pytest.raises(ResponseError, match="column 'team'"):
        write_form(one, groups=["team", "team"])
    with pytest.raises(FormatError, match="expected a text, got 3"):
        write_form(one, groups=[3])  # type: ignore[list-item]
    with pytest.raises(FormatError) as refused:
        write_form(one, groups=[" "], language=3, title="")  # type: ignore[arg-type]
    assert [str(fault) for fault in refused.value.faults] == [
        "groups: expected a name, got ' '",
        "language: expected a text, got 3",
        "title: expected a text, got ''",
    ]
    with pytest.raises(UnknownIdError, match="'xx'"):
        write_form(one, language="xx")
    assert 'data-column="team"' in write_form(one, groups="team")
