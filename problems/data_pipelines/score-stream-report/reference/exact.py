"""Exact sums in thousandths, and all items in a list that stays sorted."""

import sys
from bisect import bisect_left, insort
from math import isqrt

DIGITS = 10**12


def root(numerator: int, denominator: int) -> str:
    """The square root of a fraction with twelve digits after the point."""
    found = isqrt(numerator * DIGITS * DIGITS // denominator)
    return f"{found // DIGITS}.{found % DIGITS:012d}"


def main() -> None:
    read = sys.stdin.readline
    lines, k = map(int, read().split())
    count = total = squares = 0
    served: dict[int, int] = {}
    ranked: list[tuple[int, int]] = []  # (-times, item), sorted
    written: list[str] = []
    for _ in range(lines):
        words = read().split()
        if words[0] == "report":
            if not count:
                written.append("0")
                continue
            spread = root(count * squares - total * total, count * count * 10**6)
            items = "".join(f" {item}" for _, item in ranked[:k])
            written.append(f"{count} {total / count / 1000:.9f} {spread}{items}")
            continue
        item, score = int(words[1]), int(words[2].replace(".", ""))
        count, total, squares = count + 1, total + score, squares + score * score
        times = served.get(item, 0)
        if times:
            del ranked[bisect_left(ranked, (-times, item))]
        served[item] = times + 1
        insort(ranked, (-times - 1, item))
    print("\n".join(written))


main()
