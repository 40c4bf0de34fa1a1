import warnings

from scipy.stats import ttest_ind


def welch_test(control, treatment):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of a group that does not vary
        result = ttest_ind(treatment, control, equal_var=False)
    return result.statistic, result.df, result.pvalue
