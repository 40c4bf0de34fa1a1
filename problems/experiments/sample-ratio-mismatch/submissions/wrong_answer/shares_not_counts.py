from scipy.stats import chi2


def sample_ratio_mismatch(counts, weights):
    expected = [weight / sum(weights) for weight in weights]
    counts = [count / sum(counts) for count in counts]  # how many people there are does not matter any more
    statistic = sum((count - share) ** 2 / share for count, share in zip(counts, expected))
    return float(chi2.sf(statistic, len(counts) - 1))
