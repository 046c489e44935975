# Sourced: puts uv into an environment, and lets it ask the index that pip asks, whose settings it does not read.
uv_into() {
    "$1/bin/pip" install -q uv
    local index=${PIP_INDEX_URL:-$("$1/bin/pip" config get global.index-url 2>/dev/null || true)}
    if [ -n "$index" ]; then export UV_DEFAULT_INDEX=$index; fi
    export UV_HTTP_TIMEOUT=180
}
