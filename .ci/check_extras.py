"""Check that what needs an extra works with it, and without it says which one to install.

Takes the extra that is installed: none after `pip install leadkit`, `solver` after `pip install "leadkit[solver]"`.
With `--list` it names them all.
"""

import inspect
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.metadata import metadata
from pathlib import Path
from typing import Any

import numpy as np

import leadkit
from leadkit import calendars, graphs, org, plots, reports, samples, stats, wbs
from leadkit.interchange import fast, icalendar, pydantic, spss

IMPLIED = {"reports": {"plots"}}
"""Extras whose packages come with another one."""

Uses = Iterator[tuple[str, Callable[[], Any]]]


def functions(module: Any) -> dict[str, Callable[..., Any]]:
    return {name: getattr(module, name) for name in module.__all__ if inspect.isfunction(getattr(module, name))}


def draws() -> Uses:
    yield "plots.profile of scores", lambda: plots.profile(leadkit.score(samples.answers("ved", rng=1)))


def draws_nothing() -> Uses:
    """Every picture, of None: matplotlib is what it asks for before it looks at what it is to draw."""
    for name, draw in functions(plots).items():
        needed = [one for one in inspect.signature(draw).parameters.values() if one.default is one.empty]
        positional = [None for one in needed if one.kind is not one.KEYWORD_ONLY]
        by_name = {one.name: None for one in needed if one.kind is one.KEYWORD_ONLY}
        yield f"plots.{name}", lambda draw=draw, args=positional, named=by_name: draw(*args, **named)


def writes_pages() -> Uses:
    scores = leadkit.score(samples.answers("ved", rng=1))
    plan = samples.plan()
    tracking = wbs.track(plan, wbs.schedule(plan), samples.status())
    whole = leadkit.feedback(samples.ratings("ved", rng=1))
    disclosed = leadkit.disclose(whole, leadkit.DisclosurePolicy())
    given: dict[str, dict[str, Any]] = {
        "escalation": {"matrix": samples.escalation_matrix()},
        "feedback": {"disclosed": disclosed},
        "full": {"plan": {"plan": plan}},
        "individual": {"scores": scores, "respondent_id": scores.respondent_ids[0]},
        "management_report": {"report": wbs.management_report(plan, tracking)},
        "plan": {"plan": plan},
        "pyramid": {"pyramid": org.build_pyramid(samples.organisation(rng=1))},
        "team": {"scores": scores},
    }
    for name, write in functions(reports).items():
        if not name.endswith("_markdown"):
            yield f"reports.{name}", lambda write=write, of=given[name]: write(**of)


def solves() -> Uses:
    yield "wbs.assign", lambda: wbs.assign(samples.plan(), schedules=5, solver=True, solver_seconds=0.5)


def reads_calendars() -> Uses:
    yield "calendars.public_holidays", lambda: calendars.public_holidays("FR", 2012)
    schedule, now = wbs.schedule(samples.plan()), datetime(2026, 1, 5, tzinfo=UTC)
    yield "interchange.icalendar", lambda: icalendar.write(schedule, now=now)


def walks_networks() -> Uses:
    line = graphs.Network.from_edges(3, [0, 1], [1, 2])
    long = graphs.Network.from_edges(2500, range(2499), range(1, 2500))
    yield "graphs.betweenness by igraph", lambda: graphs.betweenness(line, engine="igraph")
    yield "graphs.betweenness of a large network", lambda: graphs.betweenness(long)


def calibrates() -> Uses:
    answers = np.random.default_rng(1).integers(0, 2, (200, 4))
    yield "stats.calibrate", lambda: stats.calibrate(answers, model="2pl")


def reads_spss() -> Uses:
    answers = samples.answers("ved", n=5, rng=1)

    def read_what_was_written() -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "answers.sav")
            path.write_bytes(spss.write_responses(answers))
            spss.read_responses(path, answers.instrument, groups=["team"])

    yield "interchange.spss.write_scores", lambda: spss.write_scores(leadkit.score(answers))
    yield "interchange.spss.write_responses and read_responses", read_what_was_written


def reads_spss_of_nobody() -> Uses:
    answers = samples.answers("ved", n=5, rng=1)
    yield "interchange.spss.read_responses", lambda: spss.read_responses(Path("absent.sav"), answers.instrument)


def checks_fields() -> Uses:
    yield "interchange.pydantic", lambda: pydantic.adapt(wbs.Plan)


def decodes_fast() -> Uses:
    form = samples.answers("ved", n=5, rng=1).instrument
    record = json.dumps({"respondent_id": "ann", **{item.id: 3 for item in form.items}})
    yield "interchange.fast", lambda: fast.read_responses(record, form)


WITH = {
    "calendars": reads_calendars,
    "fast": decodes_fast,
    "irt": calibrates,
    "network": walks_networks,
    "plots": draws,
    "pydantic": checks_fields,
    "reports": writes_pages,
    "solver": solves,
    "spss": reads_spss,
}
"""What works with an extra, and asks for it otherwise."""

WITHOUT = {"plots": draws_nothing, "spss": reads_spss_of_nobody}
"""What else asks for it."""


def check_without(extra: str) -> int:
    uses = [*WITH[extra](), *(WITHOUT[extra]() if extra in WITHOUT else ())]
    for name, use in uses:
        try:
            use()
        except ImportError as error:
            if f"pip install 'leadkit[{extra}]'" not in str(error):
                sys.exit(f"{name} does not say that it needs leadkit[{extra}]: {error}")
        else:
            sys.exit(f"{name} works without leadkit[{extra}], of which it should not")
    return len(uses)


def main(extra: str | None) -> None:
    declared = set(metadata("leadkit").get_all("Provides-Extra") or ()) - {"all"}
    if declared != set(WITH):
        sys.exit(f"extras without a check, or checks without an extra: {sorted(declared ^ set(WITH))}")
    there = set() if extra is None else {extra, *IMPLIED.get(extra, ())}
    asked = sum(check_without(other) for other in sorted(declared - there))
    for other in sorted(there):
        for _, use in WITH[other]():
            use()
    works = "no extra" if extra is None else f"the extra {extra} alone: all it is for works"
    print(f"{works}; {asked} calls say which extra they need")


if sys.argv[1:] == ["--list"]:
    print(*sorted(WITH))
else:
    main(*sys.argv[1:] or [None])
