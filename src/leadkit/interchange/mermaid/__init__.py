"""Mermaid text, for wikis and chats that draw it: organisation charts and Gantt charts."""

from leadkit.interchange.mermaid.charts import org_chart
from leadkit.interchange.mermaid.gantts import gantt

__all__ = ["gantt", "org_chart"]
