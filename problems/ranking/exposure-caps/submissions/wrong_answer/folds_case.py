from collections import Counter


def slate(relevance, creators, k, cap):
    shown, taken = Counter(), []
    for pin in sorted(range(len(relevance)), key=lambda pin: -relevance[pin]):
        name = creators[pin].lower()  # two creators whose names differ in case are two creators
        if len(taken) < k and shown[name] < cap:
            shown[name] += 1
            taken.append(pin)
    return taken
