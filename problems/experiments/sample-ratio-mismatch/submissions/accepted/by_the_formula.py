from scipy.stats import chi2


def sample_ratio_mismatch(counts, weights):
    people, total, statistic = sum(counts), sum(weights), 0.0
    for count, weight in zip(counts, weights):
        expected = people * weight / total
        statistic += (count - expected) ** 2 / expected
    return float(chi2.sf(statistic, len(counts) - 1))
