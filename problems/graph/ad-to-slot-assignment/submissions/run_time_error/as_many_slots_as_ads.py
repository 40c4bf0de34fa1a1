def assign_ads(values):
    """Kuhn's form of the Hungarian algorithm: for more ads than slots it does not find a place."""
    n, m = len(values), len(values[0])
    ads, slots = [max(row) for row in values], [0] * m
    owner = [-1] * m

    def place(ad, seen_ads, seen_slots):
        seen_ads.add(ad)
        for slot in range(m):
            if slot not in seen_slots and ads[ad] + slots[slot] == values[ad][slot]:
                seen_slots.add(slot)
                if owner[slot] < 0 or place(owner[slot], seen_ads, seen_slots):
                    owner[slot] = ad
                    return True
        return False

    for ad in range(n):
        while True:
            seen_ads, seen_slots = set(), set()
            if place(ad, seen_ads, seen_slots):
                break
            open_slots = [slot for slot in range(m) if slot not in seen_slots]
            step = min(ads[a] + slots[s] - values[a][s] for a in seen_ads for s in open_slots)
            for a in seen_ads:
                ads[a] -= step
            for s in seen_slots:
                slots[s] += step
    answer = [-1] * n
    for slot, ad in enumerate(owner):
        if ad >= 0:
            answer[ad] = slot
    return answer
