def play(pull, arms, rounds):
    liked = [sum(pull(arm) for _ in range(10)) for arm in range(arms)]
    return liked.index(max(liked))  # a good guess after 10 pulls each, but the rounds are not played
