"""Check what the wheel ships: the package with its data files, and no test, data set or reference number."""

import sys
import zipfile

names = zipfile.ZipFile(sys.argv[1]).namelist()
strangers = [name for name in names if not name.startswith(("leadkit/", "leadkit-"))]
wanted = [
    "leadkit/py.typed",
    "leadkit/frameworks/data/ved.toml",
    "leadkit/reports/templates/",
    "leadkit/interchange/html_form/form.js",
]
absent = [name for name in wanted if not any(other.startswith(name) for other in names)]
if strangers or absent:
    sys.exit(f"the wheel holds {strangers}, and lacks {absent}")
print(f"{len(names)} files, as they should be")
