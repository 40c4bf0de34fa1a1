from collections import defaultdict


def slate(relevance, creators, k, cap):  # the best of each creator first, then the second best of each
    own = defaultdict(list)
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin]):
        own[creators[pin]].append(pin)
    taken = []
    for turn in range(cap):
        row = [pins[turn] for pins in own.values() if turn < len(pins)]
        taken += sorted(row, key=lambda pin: -relevance[pin])
    return sorted(taken[:k], key=lambda pin: -relevance[pin])
