"""Check that leadkit works with its core dependencies alone: everything but what an extra is for."""

import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path

import leadkit
from leadkit import escalation, org, reports, samples, stats, ved, vitals, wbs
from leadkit.interchange import csv, event_csv, html_form, json, limesurvey, mermaid, redcap, surveyjs, xes

AWAY = {"igraph", "holidays", "icalendar", "jinja2", "matplotlib", "mirt", "msgspec", "ortools", "pandas", "pydantic"}


def check_people() -> None:
    """Go from answers to feedback, forms and texts."""
    answers = samples.answers("ved", n=30, rng=1)
    scores, table = leadkit.score(answers), leadkit.reliability(answers)
    assert csv.read_responses(csv.write_responses(answers), answers.instrument, groups=["team"]) == answers
    assert json.loads(json.dumps(answers.instrument), leadkit.Instrument) == answers.instrument
    assert stats.cronbach_alpha(answers.values).alpha <= 1
    policy = leadkit.DisclosurePolicy()
    whole = leadkit.feedback(samples.ratings("ved", rng=1))
    shown = leadkit.disclose(whole, policy)
    assert leadkit.audit(shown, whole).is_safe
    assert csv.write_feedback(shown)
    for writer in (csv, html_form, limesurvey, redcap, surveyjs):
        assert writer.write_form(answers.instrument)
    profiles = [vitals.profile(one) for one in samples.vitals_assessments(3, rng=1)]
    read = ved.score(answers, reliability=table)
    assert reports.team_markdown(scores, reliability=table, vitals=profiles, ved=read, style=ved.style(read))
    assert reports.individual_markdown(scores, scores.respondent_ids[0])
    assert reports.feedback_markdown(shown)


def check_organisation() -> None:
    """Build a pyramid, roll scores up, and draw its chart."""
    firm = samples.organisation(rng=1)
    pyramid = org.build_pyramid(csv.read_people(csv.write_people(firm)))
    pulse = samples.pulse(firm, rng=1)
    rolled = org.roll_up(pyramid.organisation, pulse.by_person(), min_n=5)
    assert mermaid.org_chart(pyramid.organisation)
    assert reports.pyramid_markdown(pyramid, roll_up=rolled)


def check_plan() -> None:
    """Schedule a plan, find people for it by the heuristic, and simulate it."""
    plan = samples.plan()
    assert json.loads(json.dumps(plan), wbs.Plan) == plan
    schedule, assignment = wbs.schedule(plan), wbs.assign(plan, schedules=20)
    risk = wbs.simulate(plan, n=200, rng=1)
    tracking = wbs.track(plan, assignment, samples.status())
    assert reports.plan_markdown(plan, schedule=schedule, assignment=assignment, risk=risk, tracking=tracking)
    assert reports.management_report_markdown(wbs.management_report(plan, tracking))
    assert reports.full_markdown(plan={"plan": plan})


def check_desk() -> None:
    """Evaluate a pilot, route a case, and simulate a line."""
    matrix = samples.escalation_matrix()
    log = samples.tickets(n=200, rng=1)
    assert len(xes.read_xes(xes.write_xes(log)).tickets) == len(log.tickets)
    assert len(event_csv.read_event_csv(event_csv.write_event_csv(log)).tickets) == len(log.tickets)
    evaluation = escalation.evaluate_pilot(escalation.pilot_outcomes(log, domain="domain"))
    assert reports.escalation_markdown(matrix, evaluation=evaluation)
    now = datetime(2026, 5, 4, 9, tzinfo=UTC)
    ticket = escalation.Ticket(id="t1", domain=matrix.domains[0].id, created_at=now)
    state = escalation.TeamState(agents=[escalation.AgentState(id=own) for own in matrix.people])
    assert escalation.route(ticket, matrix, state, now).action
    level = escalation.LevelLoad(id="L1", servers=1, service=escalation.Fixed(4.0))
    line = escalation.Scenario(arrival=escalation.Fixed(5.0), levels=[level])
    assert escalation.simulate(line, customers=100, rng=0).levels


def check_program(folder: Path) -> None:
    """Run every verb of the program, and one that needs an extra."""
    form = samples.answers("ved", n=30, rng=1)
    firm, skills = samples.organisation(rng=1), samples.desk_skills()
    files = {
        "answers.csv": csv.write_responses(form),
        "ratings.csv": csv.write_ratings(samples.ratings("ved", rng=1)),
        "people.csv": csv.write_people(firm),
        "plan.json": json.dumps(samples.plan()),
        "tickets.csv": event_csv.write_event_csv(samples.tickets(n=200, rng=1)),
        "desk.csv": csv.write_team(wbs.Team(people=[wbs.Person(id=own) for own in skills.people], skills=skills)),
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    for line in (
        "frameworks",
        "form ved --format html --out form.html",
        "check ved answers.csv --group team",
        "score ved answers.csv --group team --out scores.csv --report scores.md",
        "feedback ved ratings.csv --out feedback.csv --report feedback.md",
        "pyramid people.csv --report pyramid.md",
        "plan plan.json --report plan.md",
        "pilot tickets.csv --team desk.csv --report pilot.md",
    ):
        code, said = program(folder, line)
        if code != 0:
            sys.exit(f"leadkit {line} ended with {code}: {said}")
    code, said = program(folder, "score ved answers.csv --group team --report scores.html")
    if code != 2 or "pip install 'leadkit[reports]'" not in said or "Traceback" in said:
        sys.exit(f"a page without jinja2 ended with {code}: {said}")


def program(folder: Path, line: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "leadkit", *line.split()]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False)
    return ran.returncode, ran.stderr


there = {str(one.metadata["Name"]).lower() for one in distributions()}
if there & AWAY:
    sys.exit(f"this is no install without extras: {sorted(there & AWAY)}")
check_people()
check_organisation()
check_plan()
check_desk()
with tempfile.TemporaryDirectory() as made:
    check_program(Path(made))
print(f"CPython {platform.python_version()}, no extra: scores, feedback, pyramid, plan, pilot and the program work")
