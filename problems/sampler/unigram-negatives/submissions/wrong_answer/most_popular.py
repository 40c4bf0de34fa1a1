def unigram_negatives(counts, draws, seed):
    order = sorted((pin for pin, count in enumerate(counts) if count > 0), key=lambda pin: -counts[pin])
    return [order[at % len(order)] for at in range(draws)]
