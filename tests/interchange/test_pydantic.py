"""Models of leadkit as fields of pydantic models."""

from __future__ import annotations

import json as library
import sys
from typing import TYPE_CHECKING, Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from leadkit import assessment, escalation, testing, wbs
from leadkit.errors import DisclosureError
from leadkit.interchange import json
from leadkit.interchange.pydantic import adapt

if TYPE_CHECKING:
    LinkField = wbs.Link
    PlanField = wbs.Plan
else:
    LinkField = adapt(wbs.Link)
    PlanField = adapt(wbs.Plan)


class Order(BaseModel):
    name: str
    link: LinkField
    others: list[LinkField] = []
    plan: PlanField | None = None


GOOD = {"leadkit_schema": 1, "type": "Link", "predecessor": "a", "successor": "b"}
LINK = wbs.Link(predecessor="a", successor="b")


def test_a_field_takes_a_dictionary_or_the_model() -> None:
    order = Order.model_validate({"name": "x", "link": GOOD, "others": [LINK]})
    assert order.link == LINK
    assert order.others == [LINK]
    assert Order.model_validate_json(library.dumps({"name": "x", "link": GOOD})).link == LINK


def test_a_field_is_written_as_the_house_writes_it() -> None:
    order = Order(name="x", link=LINK)
    written = library.loads(json.dumps(LINK))
    assert order.model_dump()["link"] == written
    assert library.loads(order.model_dump_json())["link"] == written
    assert Order.model_validate(order.model_dump()) == order


def test_all_faults_come_with_their_paths() -> None:
    wrong = {**GOOD, "kind": "XX", "lag": {"amount": "2"}, "sucessor": 1}
    with pytest.raises(ValidationError) as caught:
        Order.model_validate({"name": 3, "link": GOOD, "others": [GOOD, wrong]})
    errors = {error["loc"]: error for error in caught.value.errors()}
    assert set(errors) == {("name",), ("others", 1), ("others", 1, "kind"), ("others", 1, "lag", "amount")}
    kind = errors[("others", 1, "kind")]
    assert (kind["type"], kind["input"]) == ("leadkit_fault", "XX")
    assert "expected one of 'FS'" in kind["msg"]
    assert "unknown key 'sucessor'" in errors[("others", 1)]["msg"]


def test_a_place_in_words_stays_in_the_message() -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(adapt(wbs.Link)).validate_python({**GOOD, "successor": "a"})
    assert caught.value.errors()[0]["msg"]
    with pytest.raises(ValidationError, match="expected an object, got int"):
        TypeAdapter(adapt(wbs.Link)).validate_python(3)
    with pytest.raises(ValidationError, match="a newer leadkit wrote this"):
        TypeAdapter(adapt(wbs.Link)).validate_python({**GOOD, "leadkit_schema": 2})


@pytest.mark.parametrize("mode", ["validation", "serialization"])
def test_the_schema_is_that_of_leadkit(mode: Any) -> None:
    schema = Order.model_json_schema(mode=mode)
    ours = {key: value for key, value in json.json_schema(wbs.Link).items() if key not in {"$schema", "title"}}
    assert ours.items() <= schema["properties"]["link"].items()
    check = jsonschema.Draft202012Validator(schema)
    check.validate(library.loads(Order(name="x", link=LINK, others=[LINK]).model_dump_json()))
    assert not check.is_valid({"name": "x", "link": {**GOOD, "kind": "XX"}, "others": [], "plan": None})


@pytest.mark.parametrize(
    ("strategy", "model"),
    [
        (testing.plan, wbs.Plan),
        (testing.instrument, assessment.Instrument),
        (testing.policy, escalation.Policy),
        (testing.ticket, escalation.Ticket),
    ],
)
def test_drawn_models_come_back(strategy: Any, model: Any) -> None:
    field: TypeAdapter[Any] = TypeAdapter(adapt(model))

    @given(strategy())
    @settings(max_examples=10)
    def check(value: Any) -> None:
        assert field.validate_json(field.dump_json(value)) == value
        assert field.validate_python(field.dump_python(value)) == value

    check()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.sampled_from(["kind", "lag", "a.b", "x[0]"]) | st.text(), part),
)


@given(JSON)
@settings(max_examples=60)
def test_anything_else_is_an_error_of_pydantic(data: Any) -> None:
    field: TypeAdapter[Any] = TypeAdapter(adapt(wbs.Plan))
    head = {"leadkit_schema": 1, "type": "Plan"}
    for wrong in (data, head | (data if isinstance(data, dict) else {"wbs": data, "start": data, "links": data})):
        with pytest.raises(ValidationError) as caught:
            field.validate_python(wrong)
        assert caught.value.errors()


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (int, TypeError, "expected a model or result of leadkit, got int"),
        (wbs.Evm, TypeError, "Evm is not read back"),
        (assessment.Feedback, DisclosureError, "disclose it first"),
    ],
)
def test_what_cannot_be_a_field_is_refused(model: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        adapt(model)


def test_without_pydantic_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pydantic", None)
    with pytest.raises(ImportError, match=r"pip install 'leadkit\[pydantic\]'"):
        adapt(wbs.Link)
