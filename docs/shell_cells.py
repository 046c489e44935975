"""Cells that call a command are shown as a person types them, without the exclamation mark of the notebook."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx

__all__ = ["typed_commands"]


def typed_commands(app: Sphinx, doctree: nodes.document) -> None:
    """Take the mark off every cell that is one command."""
    del app
    for block in doctree.findall(nodes.literal_block):
        text = block.astext()
        if text.startswith("!") and "\n" not in text:
            block.children = [nodes.Text(text[1:])]
            block.rawsource = text[1:]
            block["language"] = "text"
