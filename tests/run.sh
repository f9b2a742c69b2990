#!/usr/bin/env bash
# usage: tests/run.sh [fast]
#   (nothing)  builds the solution, checks its format, runs every test
#   fast       leaves out the format check, the tests of trait Category=slow and the end-to-end tests
# GRAINY_SHARED     folder with data that some tests need (default: ../shared beside the checkout)
# GRAINY_TEST_JOBS  test projects at a time (default 1: most of them use every core)
# Logs and the list of skipped tests go to artifacts/tests/. The last line reads "N passed, N failed, N skipped".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

tier=${1:-full}
case $tier in full | fast) ;; *) echo "usage: tests/run.sh [fast]" >&2; exit 2 ;; esac
[ $# -le 1 ] || { echo "usage: tests/run.sh [fast]" >&2; exit 2; }
command -v dotnet >/dev/null || { echo "tests/run.sh needs the .NET 10 SDK on the PATH." >&2; exit 1; }

export GRAINY_SHARED=${GRAINY_SHARED:-$(dirname "$PWD")/shared}
# No process may outlive this script and hold its output open.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=true DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
jobs=${GRAINY_TEST_JOBS:-1}
out=$PWD/artifacts/tests
rm -rf "$out" && mkdir -p "$out" || exit 1
passed=0 failed=0 skipped=0

finish() {
    dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
    [ $((passed + failed)) -gt 0 ] || { echo "No test ran."; failed=1; }
    echo "$passed passed, $failed failed, $skipped skipped"
    exit $((failed > 0))
}

# Runs "$@" with its output in a log and prints one line about it.
step() {
    local name=$1 start=$SECONDS status
    shift
    "$@" >"$out/$name.log" 2>&1
    status=$?
    printf '%-28s %s  %d s\n' "$name" "$([ $status = 0 ] && echo ok || echo FAILED)" $((SECONDS - start))
    return $status
}

# Programs that tests of the whole use, where they are not there and may be installed.
install_programs() {
    local missing=()
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || missing+=(chromium)
    command -v ffmpeg >/dev/null && command -v ffprobe >/dev/null || missing+=(ffmpeg)
    if [ ${#missing[@]} = 0 ]; then
        return
    elif [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "Missing, and only root can install it on Debian: ${missing[*]}. The tests that need it are skipped."
        return
    fi
    local apt=(timeout 300 apt-get -qq -o Acquire::http::Timeout=30 -o Acquire::Retries=1)
    DEBIAN_FRONTEND=noninteractive step programs bash -c '"${@:2}" update; "${@:2}" install -y --no-install-recommends $1' apt "${missing[*]}" "${apt[@]}" \
        || echo "Could not be installed (see $out/programs.log): ${missing[*]}. The tests that need it are skipped."
}

# Runs one test project; its log ends with the line "exit N in N s".
run_project() {
    local name=$1 start=$SECONDS filter=()
    [ "$tier" = fast ] && filter=(--filter-not-trait Category=slow)
    # Test classes run side by side: each on one thread is faster than all of them on every core. The server of the end-to-end tests has the machine to itself.
    [ "$name" = Grainy.EndToEnd.Tests ] || export OMP_NUM_THREADS=1
    timeout --kill-after=10 1800 dotnet "tests/$name/bin/Release/net10.0/$name.dll" --ansi off --progress off \
        --show-test-results failed,skipped --results-directory "$out/$name" "${filter[@]}" >"$out/$name.log" 2>&1
    echo "exit $? in $((SECONDS - start)) s" >>"$out/$name.log"
}

# Adds up one project's log. A process that ended without a summary, or badly without a failed test, counts as one failed test.
tally() {
    local name=$1 log=$out/$1.log status seconds p f s
    read -r status seconds < <(sed -n '$s/^exit \([0-9]*\) in \([0-9]*\) s$/\1 \2/p' "$log")
    count() { sed -n '/^Test run summary:/,$s/^ *'"$1"': *\([0-9]*\)$/\1/p' "$log" | tail -1; }
    p=$(count succeeded) f=$(count failed) s=$(count skipped)
    if [ -z "$p" ] || [ -z "$f" ] || [ -z "$s" ]; then
        p=${p:-0} s=${s:-0} f=1
        echo "$name ended with exit code $status and without a summary."
    elif [ "$f" = 0 ] && [ "$status" != 0 ] && [ "$status" != 8 ]; then # 8: no test to run
        f=1
        echo "$name passed its tests but ended with exit code $status."
    fi
    [ "$f" = 0 ] || sed '$d' "$log"
    printf '%-28s %d passed, %d failed, %d skipped  %d s\n' "$name" "$p" "$f" "$s" "$seconds"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    # "skipped NAME (0ms)" is followed by the reason.
    sed -n '/^skipped .*)$/{N;s/^skipped \(.*\) ([^()]*)\n *\(.*\)$/\1: \2/p}' "$log" | tee -a "$out/skipped.txt" | sed 's/^/  skipped /'
}

touch "$out/skipped.txt"
[ -d "$GRAINY_SHARED" ] || echo "$GRAINY_SHARED does not exist: the tests that need its data are skipped."
[ "$tier" = fast ] || install_programs

if ! step build dotnet build Orleans.sln -c Release -v q; then
    grep -E '(error|warning) ' "$out/build.log" | sort -u | head -40
    failed=1
    finish
fi
if [ "$tier" = full ] && ! step format dotnet format Orleans.sln --verify-no-changes --no-restore; then
    sort -u "$out/format.log" | head -40
    failed=$((failed + 1))
fi

projects=()
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    [ "$tier" = fast ] && [ "$name" = Grainy.EndToEnd.Tests ] || projects+=("$name")
done
# At most $jobs at a time, reported in order.
pids=()
for i in $(seq 0 $((${#projects[@]} + jobs - 2))); do
    if [ "$i" -lt ${#projects[@]} ]; then
        run_project "${projects[i]}" &
        pids[i]=$!
    fi
    done=$((i - jobs + 1))
    if [ $done -ge 0 ]; then
        wait "${pids[done]}"
        tally "${projects[done]}"
    fi
done
finish
