"""Files that were sound and are damaged: lines cut, doubled and exchanged, signs changed; only our errors come."""

from __future__ import annotations

import json as library
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import escalation, samples, wbs
from leadkit.assessment import Comment, Instrument, Responses
from leadkit.errors import LeadkitError
from leadkit.interchange import (
    csv,
    event_csv,
    fast,
    json,
    ldif,
    limesurvey,
    mspdi,
    policy_json,
    qualtrics,
    scim,
    surveyjs,
    xes,
)

ABOUT: dict[str, Any] = {"id": "ved", "version": "1.0.0", "source": "Example", "licence": "MIT"}
ROWS = [{"item": name, "dimension": "calm", "text": f"Text of {name}.", "low": 1, "high": 5} for name in ("a1", "a2")]
CALM = Instrument.from_rows(ROWS, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
ANSWERS = Responses(
    CALM, [[1.0, 2.0], [float("nan"), 5.0], [3.0, 3.0]], ["ann", "bo", "cy"], {"team": ["n", "s", None]}
)
PEOPLE = samples.organisation(n_teams=3, team_size=2, rng=1)
PLAN = samples.plan()
RATINGS = samples.ratings("ved", n_leaders=1, rng=1)
LOG = samples.tickets(8, rng=1)
STEP = {"wait": timedelta(minutes=10), "axis": "functional", "target": "next_level"}
POLICY = escalation.Policy(id="desk", steps=[escalation.Step(**STEP)] * 2)  # type: ignore[arg-type]
COMMENTS = [Comment(ratee_id="ann", rater_id="bo", role="peer", text="Calm, and\nkind.")]
QUALTRICS = """ResponseId,team,a1,a2
Response ID,Team,Text of a1,Text of a2
"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}"
R_1,north,4,5
R_2,,2,
"""
LIMESURVEY = "id,submitdate,team,calm[a1],calm[a2]\n1,2026-01-05 10:00:00,north,A4,A5\n2,2026-01-05 11:00:00,,A2,\n"
LDIF = """version: 1

dn: cn=Ann Lee,o=Firm
employeeNumber: 007
displayName:: QW5uIExlZQ==

dn: cn=Bo,o=Firm
uid: bo
manager: cn=Ann
  Lee,o=Firm
"""
FAST = '{"respondent_id": "ann", "team": "n", "a1": 4, "a2": 5}\n{"respondent_id": "bo", "team": "s", "a1": 2, "a2": null}\n'
RESULTS = library.dumps(
    [{"respondent_id": "ann", "calm": {"a1": 4, "a2": 5}}, {"respondent_id": "bo", "calm": {"a1": 1}}]
)

READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "csv responses": (csv.write_responses(ANSWERS), lambda text: csv.read_responses(text, CALM, groups=["team"])),
    "csv responses without ids": (
        csv.write_responses(ANSWERS),
        lambda text: csv.read_responses(text, CALM, id=None, ignore_other_columns=True),
    ),
    "csv ratings": (csv.write_ratings(RATINGS), lambda text: csv.read_ratings(text, RATINGS.responses.instrument)),
    "csv people": (csv.write_people(PEOPLE), csv.read_people),
    "csv plan": (csv.write_plan(PLAN), lambda text: csv.read_plan(text, team=PLAN.team)),
    "csv team": (csv.write_team(PLAN.team), csv.read_team),
    "csv nominations": (csv.write_nominations(["a", "b", "c"], ["b", "c", "a"]), csv.read_nominations),
    "csv person scores": ("person_id,score,other\na,1.5,NA\nb,2,3\nc,,4e2\n", csv.read_person_scores),
    "csv comments": (csv.write_comments(COMMENTS), lambda text: csv.read_comments(text, CALM)),
    "qualtrics": (QUALTRICS, lambda text: qualtrics.read_responses(text, CALM, groups=["team"])),
    "limesurvey form": (limesurvey.write_form(CALM), lambda text: limesurvey.read_instrument(text, **ABOUT)),
    "limesurvey answers": (LIMESURVEY, lambda text: limesurvey.read_responses(text, CALM, groups=["team"])),
    "surveyjs form": (surveyjs.write_form(CALM), lambda text: surveyjs.read_instrument(text, **ABOUT)),
    "surveyjs results": (RESULTS, lambda text: surveyjs.read_responses(text, CALM)),
    "scim": (library.dumps(scim.write_scim(PEOPLE), indent=1), scim.read_scim),
    "ldif": (LDIF, ldif.read_ldif),
    "mspdi": (mspdi.write(PLAN), lambda text: mspdi.read(text, zone="UTC")),
    "xes": (str(xes.write_xes(LOG)), xes.read_xes),
    "event csv": (str(event_csv.write_event_csv(LOG)), event_csv.read_event_csv),
    "policy": (policy_json.dumps(POLICY, indent=1), policy_json.loads),
    "fast": (FAST, lambda text: fast.read_responses(text, CALM, groups=["team"])),
    "json plan": (json.dumps(PLAN, indent=1), lambda text: json.loads(text, wbs.Plan)),
    "json log": (json.dumps(LOG, indent=1), lambda text: json.loads(text, escalation.EventLog)),
    "json ratings": (json.dumps(RATINGS, indent=1), lambda text: json.loads(text, type(RATINGS))),
}


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """Damage a text at one to three places."""
    for _ in range(draw(st.integers(1, 3))):
        lines = text.splitlines(keepends=True)
        at = draw(st.integers(0, max(0, len(text) - 1)))
        line, other = (draw(st.integers(0, max(0, len(lines) - 1))) for _ in range(2))
        piece = draw(
            st.text(max_size=3)
            | st.sampled_from(['"', ",", ";", "\t", "\0", "NaN", "-1", "1e999", "[]", "<x>", "null"])
        )
        kind = draw(st.sampled_from(["cut", "changed", "line doubled", "line left out", "lines exchanged", "end cut"]))
        if kind == "cut":
            text = text[:at] + text[at + draw(st.integers(1, 12)) :]
        elif kind == "changed":
            text = text[:at] + piece + text[at + len(piece) :]
        elif kind == "end cut":
            text = text[:at]
        elif lines:
            if kind == "line doubled":
                lines.insert(other, lines[line])
            elif kind == "line left out":
                del lines[line]
            else:
                lines[line], lines[other] = lines[other], lines[line]
            text = "".join(lines)
    return text


@pytest.mark.parametrize("name", READERS)
def test_a_sound_file_is_read(name: str) -> None:
    text, read = READERS[name]
    assert read(text) is not None


@pytest.mark.filterwarnings("ignore:Microsoft Project XML. the plan leaves out:UserWarning")
@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_an_error_of_leadkit(name: str) -> None:
    text, read = READERS[name]

    @given(damaged(text))
    @settings(max_examples=25)
    def check(broken: str) -> None:
        try:
            read(broken)
        except LeadkitError as error:
            assert str(error)

    check()
