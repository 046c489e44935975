"""Reports on results as text: one self-contained HTML page, or Markdown for chat and e-mail."""

from leadkit.reports.individuals import individual, individual_markdown
from leadkit.reports.teams import team, team_markdown

__all__ = ["individual", "individual_markdown", "team", "team_markdown"]
