from scipy.stats import chi2


def sample_ratio_mismatch(counts, weights):
    expected = [sum(counts) * weight / sum(weights) for weight in weights]
    statistic = sum((count - share) ** 2 / share for count, share in zip(counts, expected))
    return float(chi2.sf(statistic, len(counts) - 1)) / 2  # as if the test had two sides
