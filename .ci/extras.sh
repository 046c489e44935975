#!/usr/bin/env bash
# Takes a wheel and a folder for environments: the package alone on every Python that is here, then with each extra alone.
set -euo pipefail
. "$(dirname "$0")/uv.sh"
wheel=$(realpath "$1") folder=$(realpath -m "$2") checks=$(realpath "$(dirname "$0")")
python3 -m venv "$folder/uv"
uv_into "$folder/uv"
install() { "$folder/uv/bin/uv" pip install -q --exact --python "$folder/$1/bin/python" "$2"; }
run() { "$folder/$1/bin/python" "$checks/$2" "${@:3}"; }
mkdir "$folder/elsewhere"
cd "$folder/elsewhere" # where the checkout is not found

python_named() { # an interpreter of this version that runs, here or with pyenv
    for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python; do
        if "$candidate" -c "" 2>/dev/null; then command -v "$candidate"; return; fi
    done
}
for version in 3.11 3.12 3.13; do
    python=$(python_named "$version")
    if [ -z "$python" ]; then echo "CPython $version is not on this machine"; continue; fi
    "$python" -m venv "$folder/$version"
    install "$version" "$wheel"
    run "$version" check_bare.py
    run "$version" check_extras.py
done

python3 -m venv "$folder/one"
install one "$wheel"
for extra in $(run one check_extras.py --list); do
    install one "$wheel[$extra]"
    run one check_extras.py "$extra"
done
