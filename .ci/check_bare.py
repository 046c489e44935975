"""Check that leadkit works with its core dependencies alone, and says what a picture or a page would need."""

import sys

import leadkit
from leadkit import plots, reports, samples

answers = samples.answers("ved", rng=1)
scores = leadkit.score(answers)
print(scores.to_records()[0])
print(leadkit.reliability(answers).to_records()[0])
for show, package in (
    (lambda: reports.team(scores), "leadkit[reports]"),
    (lambda: plots.profile(scores), "leadkit[plots]"),
):
    try:
        show()
    except ImportError as error:
        if package not in str(error):
            sys.exit(f"an unclear error: {error}")
        print(error)
    else:
        sys.exit(f"expected an ImportError that names {package}")
if reports.team_markdown(scores)[:2] != "# ":
    sys.exit("Markdown needs no extra")
