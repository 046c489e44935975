"""Pages from templates: every text is escaped, and a name that a template lacks is an error."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["render", "render_chapter"]

STYLE = ("report.css",)


def render(template: str, *, language: str, style: tuple[str, ...] = STYLE, **content: Any) -> str:
    """Fill a template of this package to a page of its own.

    Parameters
    ----------
    template : str
        Its name.
    language : str
        BCP 47 tag of the texts of the instrument; the report's own sentences are English.
    style : tuple of str
        Names of the style sheets, in order.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    """
    environment = _environment(language, layout="page.html.jinja", depth=2, prefix="", within="", folded=False)
    return environment.get_template(template).render(language=language, style=_style(style), **content).lstrip()


def render_chapter(template: str, *, language: str, prefix: str, **content: Any) -> Markup:
    """Fill the same template to a chapter of a larger page.

    Its headings are a level deeper, its ids begin with `prefix`, its sections are named after the chapter too, and long tables and many persons are folded.
    """
    layout = {
        "layout": "chapter.html.jinja",
        "depth": 3,
        "prefix": prefix,
        "within": f"{content['anchor']} ",
        "folded": True,
    }
    environment = _environment(language, **layout)
    from markupsafe import Markup

    return Markup(environment.get_template(template).render(**content))  # noqa: S704 - escaped by the environment


def _environment(language: str, **layout: Any) -> Environment:
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
    environment.globals.update(layout)
    return environment


def _style(names: tuple[str, ...]) -> Markup:
    from markupsafe import Markup

    templates = files("leadkit.reports").joinpath("templates")
    return Markup("".join(templates.joinpath(name).read_text(encoding="utf-8") for name in names))  # noqa: S704 - the package's own files
