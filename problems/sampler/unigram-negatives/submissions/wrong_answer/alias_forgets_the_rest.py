import random


def unigram_negatives(counts, draws, seed):
    n, total = len(counts), sum(count**0.75 for count in counts)
    chance, alias = [count**0.75 * n / total for count in counts], list(range(n))
    small, large = [at for at in range(n) if chance[at] < 1], [at for at in range(n) if chance[at] >= 1]
    while small and large:
        little = small.pop()
        alias[little] = large[-1]
        chance[large[-1]] -= 1 - chance[little]
        if chance[large[-1]] < 1:
            large.pop()  # it should be among the small ones now: its own rest goes to nobody
    rng = random.Random(seed)
    columns = [rng.randrange(n) for _ in range(draws)]
    return [column if rng.random() < chance[column] else alias[column] for column in columns]
