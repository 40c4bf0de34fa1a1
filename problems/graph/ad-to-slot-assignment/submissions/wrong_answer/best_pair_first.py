def assign_ads(values):
    n, m = len(values), len(values[0])
    answer, taken = [-1] * n, set()
    pairs = [(values[ad][slot], ad, slot) for ad in range(n) for slot in range(m)]
    for _, ad, slot in sorted(pairs, reverse=True):
        if answer[ad] < 0 and slot not in taken:
            answer[ad] = slot
            taken.add(slot)
    return answer
