import random


def unigram_negatives(counts, draws, seed):
    saved = [pin for pin, count in enumerate(counts) if count > 0]
    return random.Random(seed).choices(saved, k=draws)
