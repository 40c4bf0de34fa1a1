"""Two fifths of what pulling all arms equally often costs are allowed; what always the worst arm costs is the most."""


def play(arms, rounds, percent):
    gaps = [max(percent) - chance for chance in percent]
    evenly = rounds * sum(gaps) / (100 * arms)
    return 0.4 * evenly, rounds * max(gaps) / 100, rounds
