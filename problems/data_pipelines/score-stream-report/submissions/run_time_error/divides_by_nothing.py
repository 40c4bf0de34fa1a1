"""Divides by the number of scores before there are any."""

import sys


def main():
    lines = sys.stdin.read().splitlines()
    k = int(lines[0].split()[1])
    count, mean, squared = 0, 0.0, 0.0
    served, top, written = {}, [], []
    for line in lines[1:]:
        if line == "report":
            spread = (squared / count) ** 0.5
            written.append(f"{count} {mean!r} {spread!r} {' '.join(map(str, top))}" if count else "0")
            continue
        _, item, score = line.split()
        item, score = int(item), float(score)
        count += 1
        step = score - mean
        mean += step / count
        squared += step * (score - mean)
        served[item] = times = served.get(item, 0) + 1
        if item in top:
            at = top.index(item)
        elif len(top) < k:
            top.append(item)
            at = len(top) - 1
        elif (-times, item) < (-served[top[-1]], top[-1]):
            top[-1] = item
            at = k - 1
        else:
            continue
        while at and (-times, item) < (-served[top[at - 1]], top[at - 1]):
            top[at], top[at - 1] = top[at - 1], item
            at -= 1
    print("\n".join(written))


main()
