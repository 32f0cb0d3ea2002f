#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The fixed figures of statistics_test.c and shift_test.c, worked out another
way: exact fractions, enumeration, and Python's own statistics module. Prints
one figure a line; run it by hand when a table gets a new row."""
from collections import Counter
from fractions import Fraction
from itertools import combinations
from math import comb, floor, log1p, pi
from statistics import NormalDist, geometric_mean, median

QUANTILE = NormalDist().inv_cdf


def binomial_cdf(n, k, p=Fraction(1, 2)):
    """Exact."""
    return sum(comb(n, i) * p**i * (1 - p)**(n - i) for i in range(k + 1))


def half_cdf(n, k):
    """Exact, and quick for large n."""
    term = total = 1
    for i in range(k):
        term = term * (n - i) // (i + 1)
        total += term
    return Fraction(total, 2**n)


def sign_interval(n, alpha):
    rank = 0
    while rank + 1 <= n // 2 and 2 * half_cdf(n, rank) <= alpha:
        rank += 1
    return rank, float(1 - 2 * half_cdf(n, rank - 1)) if rank else 0


def binomial_band(n, p, alpha):
    low = high = 0
    while binomial_cdf(n, low, p) <= alpha / 2:
        low += 1
    while high < n and binomial_cdf(n, high, p) < 1 - alpha / 2:
        high += 1
    return low, high


def sign_test(below, at, above):
    n, fewer = below + at + above, min(below, above) + (at + 1) // 2
    return float(2 * half_cdf(n, fewer)) if 2 * fewer < n else 1


def launches(sigma, margin):
    z = QUANTILE(0.975) + QUANTILE(0.9)
    return z * z * pi / 2 * (sigma / log1p(margin))**2


def walsh_median(x):
    return median((x[i] + x[j]) / 2
                  for i in range(len(x)) for j in range(i, len(x)))


def exact_counts(n, m):
    """How often each U comes of all orders, by enumeration."""
    counts = Counter()
    for places in combinations(range(n + m), n):
        u = seen = 0
        for place in range(n + m):
            if place in places:
                seen += 1
            else:
                u += seen
        counts[u] += 1
    return counts


def exact_shift(x, y, alpha=Fraction(1, 20)):
    n, m, counts = len(x), len(y), exact_counts(len(x), len(y))
    total, rank = sum(counts.values()), 0
    lower = [Fraction(sum(counts[i] for i in range(u + 1)), total)
             for u in range(n * m + 1)]
    u = sum(b > a for a in x for b in y)
    while rank < n * m // 2 and 2 * lower[rank] <= alpha:
        rank += 1
    differences = sorted(b - a for a in x for b in y)
    return (float(min(1, 2 * lower[min(u, n * m - u)])),
            differences[rank - 1] if rank else None,
            differences[n * m - rank] if rank else None,
            float(1 - 2 * lower[rank - 1]) if rank else 0,
            median(differences))


def approximate_p(x, y):
    n, m = len(x), len(y)
    u = sum((b > a) + 0.5 * (b == a) for a in x for b in y)
    ties = sum(t**3 - t for t in Counter(x + y).values())
    variance = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    off = max(0, abs(u - n * m / 2) - 0.5)
    return 2 * NormalDist().cdf(-off / variance**0.5)


def approximate_shift(x, y):
    n, m = len(x), len(y)
    deviation = (n * m * (n + m + 1) / 12)**0.5
    rank = floor(n * m / 2 + 0.5 + QUANTILE(0.025) * deviation)
    level = 1 - 2 * NormalDist().cdf((rank - 0.5 - n * m / 2) / deviation)
    differences = sorted(b - a for a in x for b in y)
    return (approximate_p(x, y), differences[rank - 1],
            differences[n * m - rank], level, median(differences))


def holm(p):
    result, most = [0] * len(p), 0
    for i, place in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        most = max(most, (len(p) - i) * p[place])
        result[place] = min(1, most)
    return result


def benjamini_hochberg(p):
    order = sorted(range(len(p)), key=p.__getitem__)
    return [min([1] + [len(p) / (i + 1) * p[order[i]]
                       for i in range(order.index(place), len(p))])
            for place in range(len(p))]


def main():
    x, y = [1.1, 2.3, 0.7, 5.9, 3.3, 2.2, 9.9], [4.4, 6.1, 2.9, 8.3, 7.7, 12.5]
    for n in (1, 5, 6, 10, 30, 32, 100, 1000):
        print("sign_interval", n, 0.05, *sign_interval(n, Fraction(1, 20)))
    for n in (7, 8, 30):
        print("sign_interval", n, 0.01, *sign_interval(n, Fraction(1, 100)))
    for counts in ((0, 0, 0), (0, 0, 5), (0, 0, 6), (9, 0, 21), (10, 0, 20),
                   (15, 0, 15), (3, 4, 23), (3, 3, 24), (0, 994, 6),
                   (400, 0, 600), (9800, 0, 10200)):
        print("sign_test", *counts, sign_test(*counts))
    for n, k, p in ((400, 9, Fraction(428, 10000)), (20, 0, Fraction(1, 4)),
                    (20, 15, Fraction(1, 4)), (20, 20, Fraction(1, 4))):
        print("binomial_cdf", n, k, p, float(binomial_cdf(n, k, p)))
    print("binomial_cdf", 20000, 9800, 0.5, float(half_cdf(20000, 9800)))
    for n, p, alpha in ((200, "0.0428", 5), (200, "0.03857", 5),
                        (60, "0.03857", 5), (100, "0.5", 5),
                        (1, "0.0428", 5), (2, "0.1", 5), (1000, "0.02", 5),
                        (200, "0.0428", 1)):
        print("binomial_band", n, p, alpha,
              *binomial_band(n, Fraction(p), Fraction(alpha, 100)))
    for p in (1e-10, 0.2, 0.5, 0.75, 0.9, 0.975, 0.995, 1 - 1e-6):
        print("normal_quantile", p, QUANTILE(p))
    for sigma, margin in ((0.02, 0.02), (0.1, 0.02), (0.004, 0.02)):
        print("launches", sigma, margin, launches(sigma, margin))
    print("median", median(x), "MAD deviation",
          median(abs(v - median(x)) for v in x) / QUANTILE(0.75))
    print("Hodges-Lehmann", walsh_median(x), walsh_median(x[:6]))
    print("geometric mean", geometric_mean([1, 2, 4, 8, 1.5]))
    print("shift", *exact_shift(x, y))
    print("shift", *exact_shift([1, 2], [3, 4]))
    print("shift", *exact_shift([1, 2, 3], [4, 5, 6, 7]))
    print("ties", approximate_p([1, 2, 2, 3, 5], [2, 3, 4, 6, 7, 7]))
    print("shift", *approximate_shift(
        [(i * 37 % 101) / 10 for i in range(60)],
        [(i * 53 % 113) / 10 + 1.05 for i in range(70)]))
    p = [.01, .04, .03, .005, .5, .03]
    print("Holm", *holm(p))
    print("Benjamini-Hochberg", *benjamini_hochberg(p))


if __name__ == "__main__":
    main()
