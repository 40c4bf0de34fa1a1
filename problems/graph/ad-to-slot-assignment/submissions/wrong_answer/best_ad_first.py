def assign_ads(values):
    n, m = len(values), len(values[0])
    answer, free = [-1] * n, set(range(m))
    for ad in sorted(range(n), key=lambda ad: -max(values[ad])):
        if free:
            answer[ad] = max(free, key=lambda slot: values[ad][slot])  # the best that is left for this ad
            free.remove(answer[ad])
    return answer
