"""Pages from templates: every text is escaped, and a name that a template lacks is an error."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["render"]


def render(template: str, *, language: str, **content: Any) -> str:
    """Fill a template of this package.

    Parameters
    ----------
    template : str
        Its name.
    language : str
        BCP 47 tag of the texts of the instrument; the report's own sentences are English.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    """
    environment = _environment(language)
    return environment.get_template(template).render(language=language, style=_style(), **content).lstrip()


def _environment(language: str) -> Environment:
    try:
        from jinja2 import Environment, PackageLoader, StrictUndefined
    except ImportError as error:
        msg = "an HTML report needs jinja2: pip install 'leadkit[reports]'"
        raise ImportError(msg) from error
    environment = Environment(
        loader=PackageLoader("leadkit.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["marked_language"] = "" if language.lower().split("-")[0] == "en" else language
    return environment


def _style() -> Any:
    from markupsafe import Markup

    return Markup(files("leadkit.reports").joinpath("templates", "report.css").read_text(encoding="utf-8"))  # noqa: S704 - the package's own file
