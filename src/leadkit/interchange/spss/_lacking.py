"""What to install when a package is not there that reads or writes data files of SPSS."""

from __future__ import annotations

from importlib.util import find_spec


def need(*packages: str) -> None:
    """Refuse to go on without the packages.

    Raises
    ------
    ImportError
        The first that is not installed.

    Examples
    --------
    >>> need("numpy", "no_such_package")
    Traceback (most recent call last):
    ...
    ImportError: interchange.spss needs no_such_package: pip install 'leadkit[spss]'
    """
    for name in packages:
        if find_spec(name) is None:
            msg = f"interchange.spss needs {name}: pip install 'leadkit[spss]'"
            raise ImportError(msg)
