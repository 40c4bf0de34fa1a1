def assign_ads(values):
    n, m = len(values), len(values[0])
    size = max(n, m)
    worth = [[values[ad][slot] if ad < n and slot < m else 0 for slot in range(size)] for ad in range(size)]
    slot_of, better = list(range(size)), True
    while better:  # until no exchange of two gains: three at a time might
        better = False
        for a in range(size):
            for b in range(a):
                s, t = slot_of[a], slot_of[b]
                if worth[a][t] + worth[b][s] > worth[a][s] + worth[b][t]:
                    slot_of[a], slot_of[b], better = t, s, True
    return [slot if slot < m else -1 for slot in slot_of[:n]]
