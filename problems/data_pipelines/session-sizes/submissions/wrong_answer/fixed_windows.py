from collections import Counter


def session_sizes(users, times, gap):  # a session is a window of the clock
    keys = [(user, time // (gap + 1)) for user, time in zip(users, times)]
    count = Counter(keys)
    return [count[key] for key in keys]
