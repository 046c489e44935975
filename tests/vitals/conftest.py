"""One self-assessment that was worked out by hand, shared by the tests of VITALS."""

from __future__ import annotations

from datetime import date, time

import numpy as np
import pytest

from leadkit.assessment import ReliabilityTable, Responses, reliability
from leadkit.frameworks import load
from leadkit.vitals import DayLog, Entry, Goal, Strength, ValuesSort, VitalsAssessment


@pytest.fixture
def monday() -> DayLog:
    """Eighteen logged hours: peak at 13.12, seven demanding hours, five of ten waking hours purposeful."""
    return DayLog(
        day=date(2026, 3, 2),
        entries=(
            Entry(start=time(23), end=time(7), activity="sleep"),
            Entry(start=time(7), end=time(8), activity="breakfast", energy=2),
            Entry(start=time(9), end=time(12), activity="desk work", demand=5, energy=5, serves=("learn",)),
            Entry(start=time(13), end=time(17), activity="meetings", demand=4, energy=3),
            Entry(start=time(19), end=time(21), activity="family", demand=2, energy=3, serves=("family",)),
        ),
    )


@pytest.fixture
def ann(monday: DayLog) -> VitalsAssessment:
    return VitalsAssessment(
        person_id="ann",
        taken_on=date(2026, 3, 3),
        answers={
            **dict(zip(("val1", "val2", "val3", "val4", "val5", "val6"), (5, 4, 4, 2, 3, 2), strict=True)),
            **dict(zip(("tem1", "tem2", "tem3", "tem4", "tem5", "tem6"), (5, 4, 3, 4, 2, None), strict=True)),
            **dict(zip(("str1", "str2", "str3"), (4, None, None), strict=True)),
        },
        values=ValuesSort(
            importance={"honesty": 6, "family": 5, "learning": 4, "order": 3, "fame": 2, "ease": 1},
            lived={"honesty": 80, "family": 30, "learning": 70, "order": 50, "fame": 20, "ease": 60},
        ),
        interests={"data": 5, "people": 4, "arts": 1, "law": 2},
        day_logs=(monday,),
        goals=(
            Goal(
                id="learn",
                statement="I lead a project in Spanish.",
                measure="The project's review is held in Spanish.",
                due=date(2026, 12, 28),
                commitment=4,
                progress=0.1,
                serves=("learning",),
                started=date(2025, 12, 28),
            ),
            Goal(id="home", statement="I am home for supper.", serves=("family", "honesty")),
        ),
        strengths=(
            Strength(id="listening", name="Listening", rating=5, evidence=("Kept a customer by hearing her out.",)),
            Strength(id="planning", name="Planning", rating=4),
            Strength(id="humour", name="Humour", rating=2, evidence=("",)),
            Strength(id="calm", name="Calm", rating=5, evidence=("The outage in May.",)),
        ),
    )


@pytest.fixture(scope="session")
def table() -> ReliabilityTable:
    """Reliability of the letters on answers of 120 made-up people whose items hang together."""
    rng = np.random.default_rng(7)
    vitals = load("vitals")
    level = rng.normal(3.2, 0.8, size=(120, 1)) + rng.normal(0, 0.7, size=(120, vitals.n_items))
    answers = np.clip(np.rint(level), 1, 5)
    turned = [item.reverse for item in vitals.items]
    return reliability(Responses(vitals, np.where(turned, 6 - answers, answers), [f"p{i}" for i in range(120)]))
