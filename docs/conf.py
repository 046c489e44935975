"""How the documentation is built: `python -m sphinx -n -W --keep-going -b html docs docs/_build/html`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
# `leadkit` and `python` in a command of a page are those of the environment that builds the pages
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
os.environ["TQDM_DISABLE"] = "1"  # a cell is a terminal to its command, and a page wants no progress bars

import docstrings  # noqa: E402 - beside this file
import generated  # noqa: E402 - beside this file
import shell_cells  # noqa: E402 - beside this file
from sphinx.application import Sphinx  # noqa: E402 - after the path is set

import leadkit  # noqa: E402 - after the path is set

project = "leadkit"
author = "The leadkit developers"
copyright = "2026, The leadkit developers"  # noqa: A001 - the name that Sphinx reads
version = release = leadkit.__version__

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "Thumbs.db", ".DS_Store"]
default_role = "code"
smartquotes_action = "D"  # dashes only: {"mean", "sum"} is code
nitpicky = True
nitpick_ignore = [
    # Types of other libraries in the result of a function. Their inventories are on the network, which a build does
    # not need; builtins and names of `typing` are known to Sphinx.
    ("py:class", "Axes"),
    ("py:class", "date"),
    ("py:class", "datetime"),
    ("py:class", "timedelta"),
    ("py:class", "NDArray"),
    ("py:class", "np.bool_"),
    ("py:class", "np.datetime64"),
    ("py:class", "np.int64"),
    ("py:class", "np.object_"),
    ("py:class", "np.timedelta64"),
    ("py:class", "st.SearchStrategy"),
    # The type variables of a generic class and of a generic function.
    ("py:class", "EntryT"),
    ("py:class", "IntoFrameT"),
    ("py:class", "T"),
]

html_theme = "furo"
html_title = f"leadkit {release}"
html_show_sourcelink = False
html_static_path = ["_static"]
html_css_files = ["leadkit.css"]

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_in_temp = True
nb_execution_timeout = 120
nb_merge_streams = True

# The docstring says what a parameter is, in words and with its shape; a signature shows names and defaults.
autodoc_typehints = "none"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
napoleon_google_docstring = False
# Types in docstrings are prose ("array, shape (n, k)"), no cross-references.
napoleon_use_param = False
napoleon_use_rtype = False


def setup(app: Sphinx) -> None:
    """Write the generated pages before Sphinx looks for sources, and prepare docstrings for napoleon."""
    generated.write_pages(HERE / "reference" / "api")
    generated.copy_notebooks(HERE.parent / "notebooks", HERE / "notebooks")
    app.connect("doctree-read", shell_cells.typed_commands)
    app.connect("autodoc-process-docstring", docstrings.prepared, priority=400)
    app.connect("autodoc-process-docstring", docstrings.restored, priority=600)
    app.connect("autodoc-process-signature", docstrings.signature)
