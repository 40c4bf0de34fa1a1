from collections import Counter


def slate(relevance, creators, k, cap):  # breaks the cap rather than leave a place empty
    shown, taken, rest = Counter(), [], []
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin]):
        if shown[creators[pin]] < cap:
            shown[creators[pin]] += 1
            taken.append(pin)
        else:
            rest.append(pin)
    return sorted((taken + rest)[:k], key=lambda pin: -relevance[pin])
