from collections import Counter


def slate(relevance, creators, k, cap):
    shown, taken = Counter(), []
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin]):
        if len(taken) == k or shown[creators[pin]] == cap:
            break
        shown[creators[pin]] += 1
        taken.append(pin)
    return taken
