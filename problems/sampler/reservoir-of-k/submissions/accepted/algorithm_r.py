import random


def reservoir(stream: list[str], k: int, seed: int) -> list[int]:
    rng = random.Random(seed)
    kept = []
    for position, _ in enumerate(stream):
        if position < k:
            kept.append(position)
            continue
        place = rng.randrange(position + 1)  # of all positions so far, this one among them
        if place < k:
            kept[place] = position
    return kept
