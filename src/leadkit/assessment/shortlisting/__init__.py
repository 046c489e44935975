"""Who could lead the team: candidates beside each other on weighted criteria, in support of a human decision."""

from leadkit.assessment.shortlisting.candidates import Candidates
from leadkit.assessment.shortlisting.criteria import Criterion
from leadkit.assessment.shortlisting.ranking import Exclusion
from leadkit.assessment.shortlisting.result import Shortlist
from leadkit.assessment.shortlisting.selecting import shortlist

__all__ = ["Candidates", "Criterion", "Exclusion", "Shortlist", "shortlist"]
