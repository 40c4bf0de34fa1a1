from scipy.stats import ttest_ind


def welch_test(control, treatment):
    result = ttest_ind(treatment, control, equal_var=False)
    return result.statistic, result.df, result.pvalue
