# Sourced by every command in bin/: finds a Python that is new enough and hands over to bin/lib/__main__.py.
command=$(readlink -f "$0")
root=$(dirname "$(dirname "$command")")
for python in "$root/.venv/bin/python" python3 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        exec "$python" -E -s "$root/bin/lib" "$(basename "$command")" "$@"
    fi
done
if found=$(python3 -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null); then
    echo "otklik: Python 3.11 or newer is needed, python3 here is $found; install a newer one and try again." >&2
else
    echo "otklik: Python 3.11 or newer is needed and there is no python3 here; on Debian: apt-get install python3" >&2
fi
exit 2
