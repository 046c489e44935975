"""What is written into the folder of the pages when they are built: pages from the code, and copies of notebooks."""

from __future__ import annotations

from pathlib import Path

from name_pages import name_pages
from subject_pages import subject_pages

__all__ = ["copy_notebooks", "write_pages"]


def write_pages(folder: Path) -> None:
    """Write all generated pages into a folder of their own."""
    folder.mkdir(parents=True, exist_ok=True)
    pages = {f"{name}.rst": "\n".join(lines) for name, lines in (*name_pages(), *subject_pages())}
    _write(folder, pages, ".rst")


def copy_notebooks(source: Path, folder: Path) -> None:
    """Bring the notebooks below the folder of the pages, where Sphinx can see them."""
    _write(folder, {path.name: path.read_text(encoding="utf-8") for path in source.glob("*.ipynb")}, ".ipynb")


def _write(folder: Path, texts: dict[str, str], suffix: str) -> None:
    """Write texts and remove what was written before and is gone; what is the same keeps its time."""
    for old in folder.glob(f"*{suffix}"):
        if old.name not in texts:
            old.unlink()
    for name, text in texts.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
