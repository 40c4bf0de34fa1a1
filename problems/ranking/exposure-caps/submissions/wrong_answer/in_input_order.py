from collections import Counter


def slate(relevance, creators, k, cap):  # the right pins, in the order of the input
    shown, taken = Counter(), []
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin]):
        if len(taken) < k and shown[creators[pin]] < cap:
            shown[creators[pin]] += 1
            taken.append(pin)
    return sorted(taken)
