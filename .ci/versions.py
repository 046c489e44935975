"""Print what was tested: the interpreter, and the versions of everything that pyproject.toml names for running and testing."""

import platform
import re
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

declared = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
project = declared["project"]
requirements = [
    *project["dependencies"],
    *(one for extra in project["optional-dependencies"].values() for one in extra),
    *declared["dependency-groups"]["test"],
]
names = {re.split(r"[^\w.-]", one)[0] for one in requirements} - {project["name"]}
found = []
for name in sorted(names):
    try:
        found.append(f"{name} {version(name)}")
    except PackageNotFoundError:  # a dependency of another system
        found.append(f"{name} -")
print(f"CPython {platform.python_version()}: {', '.join(found)}")
