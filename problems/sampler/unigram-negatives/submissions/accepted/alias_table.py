import random


def unigram_negatives(counts: list[int], draws: int, seed: int) -> list[int]:
    chance, alias = table([count**0.75 for count in counts])
    rng = random.Random(seed)
    answer = []
    for _ in range(draws):
        column = rng.randrange(len(counts))
        answer.append(column if rng.random() < chance[column] else alias[column])
    return answer


def table(weights):
    """Vose's: each column is one pin with its chance, and another one for the rest."""
    n, total = len(weights), sum(weights)
    chance = [weight * n / total for weight in weights]
    alias = list(range(n))
    small = [at for at in range(n) if chance[at] < 1]
    large = [at for at in range(n) if chance[at] >= 1]
    while small and large:
        little, much = small.pop(), large.pop()
        alias[little] = much
        chance[much] -= 1 - chance[little]
        (small if chance[much] < 1 else large).append(much)
    for at in small + large:  # 1, but for rounding
        if weights[at] > 0:
            chance[at] = 1.0
    return chance, alias
