import random


def unigram_negatives(counts, draws, seed):
    n, total = len(counts), sum(count**0.75 for count in counts)
    chance, alias = [count**0.75 * n / total for count in counts], list(range(n))
    small, large = [at for at in range(n) if chance[at] < 1], [at for at in range(n) if chance[at] >= 1]
    while small and large:
        little, much = small.pop(), large.pop()
        alias[little] = much
        chance[much] -= 1 - chance[little]
        (small if chance[much] < 1 else large).append(much)
    rng = random.Random(seed)
    columns = [rng.randrange(n) for _ in range(draws)]
    return [column if rng.random() < 0.5 else alias[column] for column in columns]  # a coin for every column
