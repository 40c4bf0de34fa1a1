"""Sorts all items whenever there is a report."""

import sys


def main():
    lines = sys.stdin.read().splitlines()
    k = int(lines[0].split()[1])
    count, mean, squared = 0, 0.0, 0.0
    served = {}
    for line in lines[1:]:
        if line == "report":
            top = sorted(served, key=lambda item: (-served[item], item))[:k]
            print(*([count, mean, (squared / count) ** 0.5, *top] if count else [0]))
            continue
        _, item, score = line.split()
        item, score = int(item), float(score)
        count += 1
        step = score - mean
        mean += step / count
        squared += step * (score - mean)
        served[item] = served.get(item, 0) + 1


main()
