import random


def unigram_negatives(counts, draws, seed):
    weights = [int(count**0.75) for count in counts]  # 1 for a count of 2, instead of 1.68
    return random.Random(seed).choices(range(len(counts)), weights, k=draws)
