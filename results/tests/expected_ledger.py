#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fixed figures of ledger_test.c, worked out another way: by lane names
and exact fractions, pair of builds by pair of builds. Prints one figure a line;
run it by hand when the ledger gets a new row."""
from fractions import Fraction
from itertools import combinations, product

LETTERS = "gcdv"
SCHEMES = ("none", "slot", "tls")


def name(scheme, features):
    on = "".join(letter for letter in LETTERS if letter in features)
    return scheme + ("" if on == LETTERS else "_" + (on or "bare"))


def choices(letters):
    for bits in product((False, True), repeat=len(letters)):
        yield frozenset(c for c, bit in zip(letters, bits) if bit)


NAMES = [name(scheme, {LETTERS[i] for i in range(4) if bits >> i & 1})
         for scheme in SCHEMES for bits in range(16)]
NAMES += ["plain", "global", "atomic"]
Y = {lane: Fraction(pow(i + 2, 7, 1009))
     for i, lane in enumerate(NAMES)}


def run_of(factors):
    """s: the serial, tls or none."""
    return Y[name("tls" if "s" in factors else "none", factors - {"s"})]


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def effect(factor):
    rest = (LETTERS + "s").replace(factor, "")
    return mean(run_of(c | {factor}) - run_of(c) for c in choices(rest))


def interaction(one, other):
    """How much more `one` costs where `other` is on."""
    rest = [f for f in LETTERS + "s" if f not in (one, other)]
    return mean((run_of(c | {one, other}) - run_of(c | {other}))
                - (run_of(c | {one}) - run_of(c)) for c in choices(rest))


def triple(one, other, third):
    """How much more that is where `third` is on."""
    rest = [f for f in LETTERS + "s" if f not in (one, other, third)]

    def both(c):
        return (run_of(c | {one, other}) - run_of(c | {other})
                - run_of(c | {one}) + run_of(c))
    return mean(both(c | {third}) - both(c) for c in choices(rest))


def step(scheme, to):
    return mean(Y[name(to, c)] - Y[name(scheme, c)] for c in choices(LETTERS))


parts = [Y["none_bare"] - Y["plain"]] + [effect(f) for f in LETTERS]
parts += [step("none", "slot"), step("slot", "tls")]
whole = Y["tls"] - Y["plain"]
triples = [triple(*three) for three in combinations(LETTERS + "s", 3)]
threes = sum(triples) / 4
figures = [Y["plain"]] + parts + [sum(parts), threes, whole,
                                  whole - sum(parts) - threes]
figures += [Y[scheme] - Y["slot"] for scheme in ("tls", "global", "atomic")]
figures += [interaction(*two) for two in combinations(LETTERS + "s", 2)]
figures += triples
for figure in figures:
    print(float(figure))
