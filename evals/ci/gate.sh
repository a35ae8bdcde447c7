#!/usr/bin/env bash
# Ask a suite and refuse what made it worse: a script to begin with, for any CI system.
#
# Usage: evals/ci/gate.sh SUITE BASELINE [OPTION...]
#   SUITE     as `ragkit eval list` names it
#   BASELINE  a run to hold it against: its name in evals/runs/, or its folder
#   OPTION    of `ragkit eval run`, such as --size smoke or --model NAME
# Ends with 0 (pass), 1 (regression), 2 (a mistake in what was typed) or 3 (inconclusive: ask more
# samples). POLICY names a policy file; RAGKIT the command, if it is not on the path.
set -euo pipefail
suite=$1 baseline=$2
shift 2
read -ra ragkit <<< "${RAGKIT:-ragkit}"

run=ci-$(date -u +%Y%m%d-%H%M%S)-$$
"${ragkit[@]}" eval run "$suite" --out "$run" --quiet "$@" > /dev/null
status=0
"${ragkit[@]}" eval gate "$run" --baseline "$baseline" ${POLICY:+--policy "$POLICY"} \
    --junit "evals/runs/$run/gate.xml" || status=$?
exit "$status"
