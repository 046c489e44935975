#!/usr/bin/env bash
# Spark has an environment of its own, below the folder named first: its pandas is older, and it needs Java 17.
set -euo pipefail
cd "$(dirname "$0")/.."
environment=${1:?"usage: .ci/spark.sh FOLDER"}/spark-venv
unset SPARK_HOME SPARK_CONF_DIR PYSPARK_PYTHON PYSPARK_DRIVER_PYTHON PYSPARK_SUBMIT_ARGS

is_17() { "$1" -version 2>&1 | grep -q 'version "17[."]'; }
find_17() {  # prints the home of a Java 17
    for java in "${JAVA_HOME:-}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*17*/bin/java; do
        if [ -x "$java" ] && is_17 "$java"; then dirname "$(dirname "$(realpath "$java")")"; return; fi
    done
    return 1
}
if ! JAVA_HOME=$(find_17); then
    apt-get update -qq && apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
    JAVA_HOME=$(find_17)
fi
export JAVA_HOME

python3 -m venv "$environment"
"$environment/bin/pip" install -q -U pip
"$environment/bin/pip" install -q -e . --group spark
export PYSPARK_PYTHON=$environment/bin/python # a list of rows becomes a frame in a worker of this Python
"$environment/bin/python" -m pytest -q -p no:cacheprovider -k spark tests/spark tests/frames
